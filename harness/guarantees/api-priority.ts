import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { countFigure, timeFigure } from './figures.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory } from './history-index.ts';
import { latenessOf } from './lateness.ts';
import { follow, longestSilence, overloadsOf, type Change, type Followed, type Span } from './overload/follow.ts';
import { Params } from './params.ts';
import { recordingEnd } from './recording-end.ts';
import { count, few, violation } from './sentence.ts';

export interface ApiPriorityParams {
  /** A pattern of leases of leader election. */
  readonly lease: string;
  /** The fault that overloads. */
  readonly fault: string;
}

/** Heartbeats and leadership survive an overload of the API: `apiPriority()`. */
export function apiPriority(given: { readonly lease?: string; readonly fault?: string } = {}): GuaranteeSpec {
  apiPriorityGuarantee.params({ ...given });
  return { guarantee: 'api-priority', params: { ...given } };
}

const labelOf = ({ lease }: ApiPriorityParams): string => `api-priority(${lease})`;

const promiseOf = ({ lease }: ApiPriorityParams): string =>
  `while an API server is overloaded no node stops being Ready and no lease ${lease} changes its holder`;

/** Whether a change fell into an overload; null when the recorder was too late to tell. */
function fallsInto(
  spans: readonly Span[],
  { event: { atMs } }: Change,
  late: (atMs: number) => number,
): boolean | null {
  const lowerMs = atMs - late(atMs);
  if (spans.some(({ startMs, endMs }) => lowerMs >= startMs && atMs <= endMs)) return true;
  return spans.some(({ startMs, endMs }) => atMs >= startMs && lowerMs <= endMs) ? null : false;
}

const sentenceOf = ({ name, what, event }: Change, faultMs: number): string =>
  `${name} ${what} ${formatMs(event.atMs - faultMs)} after the injection`;

interface Measured {
  readonly measured: string;
  readonly figures: readonly Figure[];
  readonly details: Json;
}

function measure(followed: Followed, spans: readonly Span[], broken: readonly Change[], faultMs: number): Measured {
  const { nodes, leases, heartbeats } = followed;
  const overloadMs = spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const silences = spans.map((span) => longestSilence(heartbeats, span)).filter((one) => one !== null);
  const silence = silences.toSorted((a, b) => b.ms - a.ms)[0];
  const heard =
    silence === undefined ? '' : `, the longest time without a heartbeat ${formatMs(silence.ms)} (${silence.node})`;
  const seen = `${count(nodes.size, 'node')} and ${count(leases.size, 'lease')} in ${formatMs(overloadMs)} of overload`;
  const words = broken.length === 0 ? 'no change' : few(broken.map((one) => sentenceOf(one, faultMs)));
  return {
    measured: `${seen}: ${words}${heard}`,
    figures: [
      countFigure('changes', broken.length, 0),
      timeFigure('overload', overloadMs, overloadMs),
      ...(silence === undefined ? [] : [timeFigure('longest without a heartbeat', silence.ms, silence.ms)]),
    ],
    details: { spans: spans.map(({ startMs, endMs }) => ({ startMs, endMs })), nodes: [...nodes], leases: [...leases] },
  };
}

function judge(history: History, params: ApiPriorityParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const endMs = recordingEnd(index);
  const spans = overloadsOf(window, params.fault, endMs);
  const startMs = spans[0]?.startMs ?? window.startMs;
  const late = latenessOf(index);
  const followed = follow(
    index.states.filter(({ atMs }) => atMs <= endMs),
    glob(params.lease),
  );
  const judged = followed.changes.map((change) => ({ change, falls: fallsInto(spans, change, late) }));
  const broken = judged.filter(({ falls }) => falls === true).map(({ change }) => change);
  const measured = measure(followed, spans, broken, startMs);
  if (broken.length > 0) {
    const because = violation(
      labelOf(params),
      promiseOf(params),
      broken
        .map((one) => sentenceOf(one, startMs))
        .slice(0, 3)
        .join(', '),
    );
    return { status: 'violated', because, ...measured, evidence: broken.map(({ event }) => event).slice(0, 5) };
  }
  const lastMs = Math.max(window.startMs, ...spans.map((span) => span.endMs));
  const [gap] = recorderGaps(index, ['Node', 'Lease'], startMs, lastMs);
  if (gap !== undefined) return { status: 'unknown', because: gapSentence(gap, startMs), ...measured };
  const because = doubt(followed, spans, params, judged.find(({ falls }) => falls === null)?.change);
  return because === null ? { status: 'held', ...measured } : { status: 'unknown', because, ...measured };
}

/** Why that nothing was seen proves nothing; null when it does. */
function doubt(
  { nodes, leases }: Followed,
  spans: readonly Span[],
  { fault, lease }: ApiPriorityParams,
  late: Change | undefined,
): string | null {
  if (spans.length === 0) return `no API server was overloaded: no ${fault} was injected`;
  if (nodes.size === 0) return 'no node was recorded';
  if (leases.size === 0) return `no lease ${lease} was recorded`;
  return late === undefined
    ? null
    : `${late.name} ${late.what} while the harness stood still, and whether that was during the overload is not known`;
}

export const apiPriorityGuarantee: Guarantee<ApiPriorityParams> = {
  name: 'api-priority',
  summary: 'Heartbeats of nodes and leases of leaders survive an overload of the API',
  params(given: Json): ApiPriorityParams {
    const params = new Params('api-priority', given, ['lease', 'fault']);
    return { lease: params.text('lease') ?? 'kube-*', fault: params.text('fault') ?? 'apiserver-overload' };
  },
  promise: promiseOf,
  judge,
};
