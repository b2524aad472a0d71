import type { Duration } from '../model/duration.ts';
import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { countFigure, timeFigure } from './figures.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { indexHistory, type HistoryIndex } from './history-index.ts';
import { latenessOf } from './lateness.ts';
import { Params } from './params.ts';
import { recordingEnd } from './recording-end.ts';
import { alertsSince, alertSource, doubtfulAlerts, earliestMs } from './return/alerts.ts';
import { followReturn, returnKinds, watchedKinds, type Return, type ReturnPoint } from './return/follow.ts';
import { count, few, spaced, violation } from './sentence.ts';

export interface ReturnParams {
  readonly within: { readonly text: string; readonly ms: number };
}

/** Everything is as it was, in time after the last heal: `cleanReturn({ within: '60s' })`. */
export function cleanReturn(given: { readonly within: Duration }): GuaranteeSpec {
  cleanReturnGuarantee.params({ ...given });
  return { guarantee: 'clean-return', params: { ...given } };
}

const labelOf = ({ within }: ReturnParams): string => `clean-return(within ${within.text})`;

const promiseOf = ({ within }: ReturnParams): string =>
  `${spaced(within.text)} after the last heal nodes, cordons, taints, ready replicas, pods and their spread are as they were before the fault, and stay so`;

/** When everything was back for good. */
interface Back {
  /** After the heal; infinite when it never was. */
  readonly lowerMs: number;
  readonly upperMs: number;
  /** What was missing last. */
  readonly last: ReturnPoint | null;
}

/** @param blindMs how long after the heal the alerts were not seen: one may have fired until then */
function backOf({ points }: Return, healedMs: number, blindMs: number, lateness: (atMs: number) => number): Back {
  const end = points.at(-1);
  if (end === undefined || end.missing.length > 0) return { lowerMs: Infinity, upperMs: Infinity, last: end ?? null };
  const last = points.findLast(({ missing }) => missing.length > 0) ?? null;
  if (last === null) return { lowerMs: 0, upperMs: blindMs, last };
  const soonestMs = Math.min(end.atMs - lateness(end.atMs), end.event === null ? end.atMs : earliestMs(end.event));
  return { lowerMs: Math.max(0, soonestMs - healedMs), upperMs: Math.max(blindMs, end.atMs - healedMs), last };
}

/** What a verdict names one by one; a cluster that is in ruins is not listed to the end. */
const mostNamed = 20;
const mostPoints = 500;

const detailsOf = ({ points }: Return, healedMs: number): Readonly<Record<string, Json>> => ({
  healedMs,
  missing: points.at(-1)?.missing.slice(0, mostPoints) ?? [],
  timeline: points
    .slice(0, mostPoints)
    .map(({ atMs, missing }) => ({ atMs, missing: missing.length, first: missing[0] ?? null })),
});

/** Why the history cannot tell, but for gaps; null when it can. */
function flaw({ before }: Return): string | null {
  if (before.nodes.size === 0) return 'no node was recorded before the fault';
  if (before.workloads.size === 0) return 'no workload was recorded before the fault';
  return null;
}

/** The recorder proves every few seconds that it sees; one that was blind for longer before the fault was so without it. */
const mostBlindMs = 10_000;

/**
 * The last moment before the fault at which the recorder saw everything. A fault that takes the API away makes it blind back to
 * its last proof, some seconds before; what was there then is what the cluster was like before the fault.
 */
function lastSeen(index: HistoryIndex, startMs: number): number {
  let seenMs = startMs;
  while (seenMs >= startMs - mostBlindMs) {
    const gaps = recorderGaps(index, returnKinds, seenMs, seenMs);
    if (gaps.length === 0) return seenMs;
    seenMs = Math.min(...gaps.map((gap) => gap.startMs)) - 1;
  }
  return startMs;
}

function judge(history: History, params: ReturnParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const { startMs, healedMs } = window;
  if (healedMs === null) return { status: 'unknown', because: 'the fault was never healed' };
  const seenMs = lastSeen(index, startMs);
  const found = followReturn(index.states, seenMs, healedMs);
  const because = flaw(found);
  if (because !== null) return { status: 'unknown', because };
  const withinMs = params.within.ms;
  // Until the alerts were seen again one may have fired: that they were not seen matters later, when none may fire any more.
  const unseen = recorderGaps(index, ['Alert'], healedMs, healedMs + withinMs);
  const blindMs = Math.max(0, ...unseen.map(({ endMs }) => endMs - healedMs));
  const back = backOf(found, healedMs, blindMs, latenessOf(index));
  const watchedMs = recordingEnd(index) - healedMs;
  const alerts = alertSource(index);
  const measured = measuredSentence(found, back, watchedMs, alerts);
  const told = {
    measured,
    figures: [
      timeFigure('return', Number.isFinite(back.lowerMs) ? back.lowerMs : 0, back.upperMs, withinMs),
      countFigure('not back', found.points.at(-1)?.missing.length ?? 0, 0),
    ],
    details: {
      ...detailsOf(found, healedMs),
      ...(alerts === null ? {} : { alerts: alertsSince(index, startMs) }),
    },
  };
  const unknown = (because: string): Verdict => ({ status: 'unknown', because, ...told });
  // What happened while the fault was on decides nothing.
  const gap =
    recorderGaps(index, returnKinds, seenMs, seenMs)[0] ??
    recorderGaps(index, watchedKinds, healedMs, Infinity)[0] ??
    recorderGaps(index, ['Alert'], healedMs + withinMs, Infinity)[0];
  if (gap !== undefined) return unknown(gapSentence(gap, startMs));
  if (Number.isFinite(back.upperMs) && back.upperMs <= withinMs) {
    if (alerts === null || watchedMs >= withinMs) return { status: 'held', ...told };
    return unknown(`${measured}; until ${spaced(params.within.text)} after the heal an alert may still come`);
  }
  if (Number.isFinite(back.lowerMs) && back.lowerMs <= withinMs)
    return unknown(`${measured}, but ${unsure(found)} then`);
  if (!Number.isFinite(back.upperMs) && watchedMs <= withinMs)
    return unknown(`${measured}, before the ${spaced(params.within.text)} were over`);
  const doubtful = doubtfulAlerts(index, seenMs, startMs);
  if (back.last?.missing.every((each) => doubtful.has(each)) === true)
    return unknown(
      `${measured}, but it may have fired before the injection: nobody had looked at the alerts just before`,
    );
  return {
    status: 'violated',
    because: violation(labelOf(params), promiseOf(params), measured),
    ...told,
    evidence: back.last?.event ? [back.last.event] : [],
  };
}

/** Why the time of the return has an error bar. */
const unsure = ({ points }: Return): string =>
  points.at(-1)?.event?.object === 'Alert' ? 'nobody looked at the alerts' : 'the harness stood still';

function measuredSentence(
  { before, points }: Return,
  { upperMs, last }: Back,
  watchedMs: number,
  alerts: string | null,
): string {
  const [nodes, workloads] = [count(before.nodes.size, 'node'), count(before.workloads.size, 'workload')];
  const all =
    alerts === null
      ? `${nodes} and ${workloads} as before`
      : `${nodes}, ${workloads} and the alerts of ${alerts} as before`;
  const missing = few(last?.missing ?? [], mostNamed);
  if (!Number.isFinite(upperMs))
    return `not back when the recording ended ${formatMs(watchedMs)} after the heal: ${missing}`;
  if (last === null && upperMs > 0)
    return `${all} at most ${formatMs(upperMs)} after the heal, when the alerts were seen again`;
  if (last === null) return `${all} from the heal on`;
  const atHeal = points[0]?.missing.length ?? 0;
  const begun = atHeal === 0 ? '' : `, of ${count(atHeal, 'thing')} missing at the heal`;
  return `${all} ${formatMs(upperMs)} after the heal${begun}; the last: ${missing}`;
}

export const cleanReturnGuarantee: Guarantee<ReturnParams> = {
  name: 'clean-return',
  summary: 'Nodes, cordons, taints, replicas, pods and their spread are as before, in time after the last heal',
  params: (given: Json): ReturnParams => ({
    within: new Params('clean-return', given, ['within']).duration('within', '60s'),
  }),
  promise: promiseOf,
  judge,
};
