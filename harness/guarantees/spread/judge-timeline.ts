import { formatMs } from '../../model/duration.ts';
import { formatMoves, movesTo } from './moves.ts';
import { formatDomains } from './words.ts';
import type { SkewPoint, SkewTimeline } from './timeline.ts';

export interface SpreadDemand {
  /** Null: the constraint's own. */
  readonly maxSkew: number | null;
  readonly withinMs: number;
  readonly withinText: string;
  readonly faultMs: number;
  readonly healedMs: number;
  /** The end of the recording. */
  readonly endMs: number;
  /** By how much what was recorded then may have happened earlier. */
  lateness(atMs: number): number;
}

export interface JudgedTimeline {
  readonly timeline: SkewTimeline;
  readonly maxSkew: number;
  readonly steady: SkewPoint | null;
  /** The worst from the fault until it was healed. */
  readonly worst: SkewPoint | null;
  readonly last: SkewPoint | null;
  /** How long after the heal everything was back for good, in milliseconds; infinite when it was not. */
  readonly returnMs: number;
  /** The same where the harness, when it stood still, saw the return as late as it can have. */
  readonly earliestMs: number;
  readonly status: 'held' | 'violated' | 'unknown';
  readonly why: string;
  readonly shown: SkewPoint | null;
}

/** The point that was in force at a time. */
function pointAt(points: readonly SkewPoint[], atMs: number): SkewPoint | null {
  let found: SkewPoint | null = null;
  for (const point of points) {
    if (point.atMs > atMs) break;
    found = point;
  }
  return found;
}

/** When everything was back for good; infinite when it was not. */
function backSince(points: readonly SkewPoint[], isBack: (point: SkewPoint) => boolean): number {
  let sinceMs = -Infinity;
  let back = false;
  for (const point of points) {
    if (!isBack(point)) back = false;
    else if (!back) [back, sinceMs] = [true, point.atMs];
  }
  return back ? sinceMs : Infinity;
}

/** Judges one constraint: even before the fault, and even again, with every wanted pod placed, in time after the heal. */
export function judgeTimeline(timeline: SkewTimeline, demand: SpreadDemand): JudgedTimeline {
  const { points, constraint } = timeline;
  const { faultMs, healedMs, endMs, withinMs, withinText } = demand;
  const maxSkew = demand.maxSkew ?? constraint.maxSkew;
  const steady = pointAt(points, faultMs);
  const last = points.at(-1) ?? null;
  let worst = steady;
  for (const point of points) {
    if (point.atMs < faultMs || point.atMs > healedMs) continue;
    if (worst === null || point.readySkew > worst.readySkew) worst = point;
  }
  const isBack = ({ skew, placed, wanted }: SkewPoint): boolean => skew <= maxSkew && placed >= wanted;
  const sinceMs = backSince(points, isBack);
  const returnMs = Math.max(0, sinceMs - healedMs);
  const earliestMs = Math.max(0, returnMs - demand.lateness(sinceMs));
  const judged = { timeline, maxSkew, steady, worst, last, returnMs, earliestMs };
  const conclude = (status: JudgedTimeline['status'], why: string, shown: SkewPoint | null): JudgedTimeline => ({
    ...judged,
    status,
    why,
    shown,
  });
  if (steady === null) return conclude('unknown', 'nothing was recorded of it before the fault', null);
  if (steady.placed === 0) return conclude('unknown', 'no pod was placed before the fault', steady);
  if (steady.skew > maxSkew)
    return conclude('violated', `skew ${String(steady.skew)} already before the fault`, steady);
  if (returnMs <= withinMs) return conclude('held', '', last);
  if (earliestMs <= withinMs)
    return conclude('unknown', `back ${formatMs(returnMs)} after the heal, but the harness stood still then`, last);
  if (Number.isFinite(returnMs)) return conclude('violated', `back only ${formatMs(returnMs)} after the heal`, last);
  const watchedMs = endMs - healedMs;
  const moves = last === null ? '' : formatMoves(movesTo(last.domains, maxSkew));
  const state =
    last === null
      ? 'unseen'
      : `skew ${String(last.skew)} (${formatDomains(last)})${moves === '' ? '' : `, moving ${moves} would mend it`}`;
  if (watchedMs > withinMs)
    return conclude('violated', `not back ${formatMs(watchedMs)} after the heal: ${state}`, last);
  return conclude(
    'unknown',
    `not back when the recording ended ${formatMs(watchedMs)} after the heal (${state}), before the ${withinText} were over`,
    last,
  );
}
