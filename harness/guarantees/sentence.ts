import { formatMs } from '../model/duration.ts';

/** `1 request`, `3 requests`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${String(n)} ${n === 1 ? noun : plural}`;
}

/** A duration or percentage as it was written, with a space before its unit: `15 s`. */
export function spaced(duration: string): string {
  return duration.replace(/(\d)([a-z%])/, '$1 $2');
}

/** An interval of time as a person reads it. */
export function formatInterval(lowerMs: number, upperMs: number): string {
  if (!Number.isFinite(upperMs)) return `more than ${formatMs(lowerMs)}`;
  return `${formatMs(lowerMs)} to ${formatMs(upperMs)}`;
}

/** A share in percent with as many digits as tell it from none and from all. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const percent = (100 * part) / whole;
  return `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toPrecision(2)} %`;
}

/** A few names, and how many more there are: `a, b and 3 more`. */
export function few(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${String(names.length - most)} more`;
}

/** What every `violated` verdict says. */
export function violation(label: string, promise: string, measured: string): string {
  return `violated ${label} - ${promise}; measured: ${measured}`;
}
