import { count } from '../sentence.ts';
import { sum, type Tally } from './tally.ts';
import { wilson } from './wilson.ts';

/** The share of requests that failed, in percent, with its error bar. */
export interface Share {
  readonly sent: number;
  readonly failed: number;
  readonly doubtful: number;
  readonly missing: number;
  /** The 95 % interval in percent: below, no doubtful one is the system's; above, all are. */
  readonly lower: number;
  readonly upper: number;
}

export function shareOf(list: readonly Tally[]): Share {
  const counted = sum(list);
  const { sent, failed, doubtful, missing } = counted;
  const whole = sent + missing;
  const lower = 100 * wilson(failed, whole).lower;
  return { ...counted, lower, upper: 100 * wilson(failed + doubtful + missing, whole).upper };
}

const percent = (value: number): string => (value === 0 ? '0' : value >= 10 ? value.toFixed(1) : value.toPrecision(2));

/** `3 of 4000 requests failed (0.026 to 0.22 %)`, with what is in doubt. */
export function shareSentence({ sent, failed, doubtful, missing, lower, upper }: Share): string {
  const doubts = [
    ...(doubtful === 0 ? [] : [`${count(doubtful, 'more failure')} while the harness stalled or dropped them`]),
    ...(missing === 0 ? [] : [`${count(missing, 'request')} without a result`]),
  ];
  const rest = doubts.length === 0 ? '' : `; ${doubts.join(', ')}`;
  return `${String(failed)} of ${count(sent, 'request')} failed (${percent(lower)} to ${percent(upper)} %)${rest}`;
}
