import { formatMs } from '../harness/model/duration.ts';
import type { GuaranteeSpec } from '../harness/model/guarantee.ts';
import type { JudgedGuarantee } from '../harness/model/report.ts';
import type { Figure, Outcome } from '../harness/model/verdict.ts';

/** How every report shows an outcome: the word always stands beside the mark, so that colour is never the only sign. */
export const outcomes: Readonly<Record<Outcome, { readonly mark: string; readonly word: string }>> = {
  held: { mark: '✓', word: 'held' },
  violated: { mark: '✗', word: 'violated' },
  unknown: { mark: '?', word: 'unknown' },
  skipped: { mark: '–', word: 'skipped' },
  'harness-error': { mark: '!', word: 'harness error' },
};

/** A guarantee with its parameters, the same in every run of a scenario: `rto(under=15s)`. */
export function labelOf(spec: GuaranteeSpec): string {
  const given = Object.entries(spec.params)
    .sort(([left], [right]) => left.localeCompare(right, 'en'))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return given.length === 0 ? spec.guarantee : `${spec.guarantee}(${given.join(', ')})`;
}

/** What was measured, or why nothing was. */
export function findingOf({ verdict }: JudgedGuarantee): string {
  return verdict.status === 'unknown' ? verdict.because : verdict.measured;
}

/** A stored run has null where a bound was infinite, whatever the type says. */
function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
}

/** One bound or limit with its unit. */
export function formatValue(value: number, unit: Figure['unit']): string {
  if (!isFiniteNumber(value)) return 'unbounded';
  if (unit === 'ms') return formatMs(value);
  return unit === 'percent' ? `${number(value)} %` : number(value);
}

/** Both bounds of a time in one unit and with as many digits as tell them apart. */
function formatTimes(lower: number, upper: number): string {
  if (upper < 1_000) return `${String(Math.round(lower))}–${String(Math.round(upper))} ms`;
  const digits = upper - lower < 100 ? 2 : 1;
  return `${(lower / 1_000).toFixed(digits)}–${(upper / 1_000).toFixed(digits)} s`;
}

/** A figure with its error bar: `16.32–16.37 s`, `0`, `at least 31.0 s`. */
export function formatInterval(figure: Pick<Figure, 'lower' | 'upper' | 'unit'>): string {
  const { lower, upper, unit } = figure;
  if (!isFiniteNumber(upper)) return lower === 0 ? 'unbounded' : `at least ${formatValue(lower, unit)}`;
  if (lower === upper) return formatValue(lower, unit);
  if (unit === 'ms') return formatTimes(lower, upper);
  return `${number(lower)}–${formatValue(upper, unit)}`;
}

/** Whether a figure is beyond its limit for certain. */
export function isBeyond({ lower, limit }: Figure): boolean {
  return limit !== undefined && lower > limit;
}

/** The promised figures that say most: the first one, those with a limit to compare with, and those that broke theirs. */
export function prominentFigures(figures: readonly Figure[]): readonly Figure[] {
  const limited = figures.filter(({ limit }) => limit !== undefined);
  return limited.filter((figure, at) => at === 0 || (figure.limit ?? 0) > 0 || isBeyond(figure));
}

/** The run's clock as reports write it: seconds since its start, `t+15.1 s`. */
export function formatAt(ms: number | null): string {
  return isFiniteNumber(ms) ? `t+${(ms / 1_000).toFixed(2)} s` : '–';
}

/** `1 event`, `2 events`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${String(amount)} ${amount === 1 ? noun : plural}`;
}

/** Text without the control characters that would move a terminal's cursor or break XML; line ends and tabs stay. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is removed
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFFFE\uFFFF]/g, '\uFFFD').replace(/\p{Cs}/gu, '\uFFFD');
}
