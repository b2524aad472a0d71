import { HarnessError } from './errors.ts';

/** A length of time as people write it: a number and a unit, such as `250ms`, `15s`, `1.5m`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}`;

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * The milliseconds of a duration.
 * @param field what the duration is for, named in the error
 * @throws HarnessError `bad-input` when the text is not a number with one of the units ms, s, m, h
 */
export function toMs(text: string, field: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const [, amount, unit] = match ?? [];
  if (amount === undefined || unit === undefined) {
    throw new HarnessError('bad-input', `${field}: expected a duration such as 250ms, 15s, 2m or 1h, found '${text}'`);
  }
  return Math.round(Number(amount) * unitMs[unit as keyof typeof unitMs]);
}

/** Milliseconds as a person reads them: `0 ms`, `850 ms`, `1.40 s`, `61.0 s`, `12 min 3 s`. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return 'unbounded';
  if (Math.abs(ms) < 1_000) return `${String(Math.round(ms))} ms`;
  if (Math.abs(ms) < 10_000) return `${(ms / 1_000).toFixed(2)} s`;
  if (Math.abs(ms) < 300_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}
