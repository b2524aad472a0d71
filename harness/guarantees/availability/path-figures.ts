import type { Json } from '../../model/json.ts';
import type { JudgedStream } from './judge-stream.ts';
import type { Outage } from './outages.ts';

/** More outages of one path than this are counted, not listed. */
const mostListed = 50;

/** What came after the worst outage: requests that still failed now and then although it was over. */
export interface Tail {
  readonly notServed: number;
  readonly samples: number;
  readonly lastBadMs: number;
}

/** The tail of a stream, or null when its worst outage was its last. */
export function tailOf({ outages, worst, stream }: JudgedStream): Tail | null {
  if (worst === null || worst.open) return null;
  const later = outages.list.filter(({ first }) => first > worst.last);
  const last = later.at(-1);
  if (last === undefined) return null;
  return {
    notServed: later.reduce((sum, { notServed }) => sum + notServed, 0),
    samples: stream.starts.length - worst.last - 1,
    lastBadMs: last.lastBadMs,
  };
}

/** The end of the first good answer after which none failed; null when the last outage is open. */
export const cleanMs = ({ outages }: JudgedStream): number | null => outages.list.at(-1)?.recoveredMs ?? null;

export const notServed = ({ outages }: JudgedStream): number =>
  outages.list.reduce((sum, outage) => sum + outage.notServed, 0);

const round = (ms: number): number => Math.round(ms * 10) / 10;
const finite = (ms: number | null): number | null => (ms === null || !Number.isFinite(ms) ? null : round(ms));

function outageDetails(outage: Outage): Json {
  return {
    fromMs: round(outage.firstBadMs),
    lastBadMs: round(outage.lastBadMs),
    recoveredMs: finite(outage.recoveredMs),
    firstGoodMs: finite(outage.firstGoodMs),
    lowerMs: round(outage.lowerMs),
    upperMs: finite(outage.upperMs),
    open: outage.open,
    notServed: outage.notServed,
    samples: outage.samples,
  };
}

/** One path as the report draws it; docs/guarantees/rto.md says the shape. */
export function pathDetails(judged: JudgedStream): Json {
  const { stream, steady, spacing, outages, worst } = judged;
  const tail = tailOf(judged);
  return {
    path: stream.path,
    mode: stream.mode,
    status: judged.status,
    because: judged.because,
    samples: spacing.samples,
    notServed: notServed(judged),
    steadyRatio: Math.round(steady.ratio * 1e4) / 1e4,
    steadyP99Ms: round(steady.p99Ms),
    slowMs: steady.slowMs,
    usualSpacingMs: finite(spacing.usualMs),
    widestSpacingMs: finite(spacing.widestMs),
    unseenMs: round(outages.unseenMs),
    firstGoodMs: finite(worst?.firstGoodMs ?? null),
    sustainedGoodMs: finite(worst?.recoveredMs ?? null),
    cleanMs: finite(cleanMs(judged)),
    tail: tail === null ? null : { ...tail, lastBadMs: round(tail.lastBadMs) },
    outages: outages.list.slice(0, mostListed).map(outageDetails),
    outagesInAll: outages.list.length,
  };
}
