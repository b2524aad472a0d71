import type { Duration } from '../model/duration.ts';
import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { faultWindow, type FaultWindow } from './fault-window.ts';
import { countFigure, timeFigure } from './figures.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory } from './history-index.ts';
import { latenessOf } from './lateness.ts';
import { Params } from './params.ts';
import { recordingEnd } from './recording-end.ts';
import { few, spaced, violation } from './sentence.ts';
import { judgeTimeline, type JudgedTimeline } from './spread/judge-timeline.ts';
import { skewTimelines } from './spread/timeline.ts';
import { formatDomains } from './spread/words.ts';

export interface SpreadParams {
  readonly within: { readonly text: string; readonly ms: number };
  readonly maxSkew: number | null;
  readonly workload: string | null;
  readonly topologyKey: string | null;
}

/** Pods are spread evenly before the fault, and again in time after it is healed: `topologySpread({ within: '60s' })`. */
export function topologySpread(given: {
  readonly within: Duration;
  /** The constraint's own by default. */
  readonly maxSkew?: number;
  /** A pattern of Deployments and StatefulSets; all with a constraint by default. */
  readonly workload?: string;
  /** Only constraints on this key. */
  readonly topologyKey?: string;
}): GuaranteeSpec {
  topologySpreadGuarantee.params({ ...given });
  return { guarantee: 'topology-spread', params: { ...given } };
}

const labelOf = ({ within, maxSkew }: SpreadParams): string =>
  `topology-spread(within ${within.text}${maxSkew === null ? '' : `, maxSkew ${String(maxSkew)}`})`;

function promiseOf({ within, maxSkew, workload }: SpreadParams): string {
  const what = workload === null ? 'every workload with a spread constraint' : `the workload ${workload}`;
  const most = maxSkew === null ? "its constraint's maxSkew" : `a skew of ${String(maxSkew)}`;
  return `${what} keeps within ${most} before the fault and is back within it, with all pods placed, ${spaced(within.text)} after the heal`;
}

const nameOf = ({ timeline: { workload, constraint } }: JudgedTimeline): string =>
  `${workload} by ${constraint.topologyKey}`;

function sentenceOf(judged: JudgedTimeline): string {
  const { steady, worst, returnMs, maxSkew, status, why } = judged;
  const before = steady === null ? 'unseen' : `${String(steady.skew)} (${formatDomains(steady)})`;
  const during = worst === null ? 'unseen' : `${String(worst.readySkew)} counting ready pods`;
  const back = returnMs === 0 ? 'never out of it after the heal' : `back ${formatMs(returnMs)} after the heal`;
  const after = status === 'held' ? back : why;
  return `${nameOf(judged)}: skew ${before} before the fault, ${during} at worst during it; ${after}; maxSkew ${String(maxSkew)}`;
}

function figuresOf(judged: readonly JudgedTimeline[], limit: number): Figure[] {
  return judged.flatMap((one): Figure[] => {
    const { steady, worst, returnMs, earliestMs, maxSkew } = one;
    const name = nameOf(one);
    const figure = (what: string, value: number | undefined, most?: number): Figure[] =>
      value === undefined ? [] : [countFigure(`${what} of ${name}`, value, most)];
    return [
      ...figure('steady skew', steady?.skew, maxSkew),
      ...figure('worst ready skew', worst?.readySkew),
      timeFigure(`return of ${name}`, Number.isFinite(returnMs) ? earliestMs : 0, returnMs, limit),
    ];
  });
}

const mostPoints = 500;

const detailsOf = (judged: readonly JudgedTimeline[], { startMs, healedMs }: FaultWindow): Json => ({
  faultMs: startMs,
  healedMs,
  constraints: judged.map((one) => ({
    workload: one.timeline.workload,
    namespace: one.timeline.namespace,
    topologyKey: one.timeline.constraint.topologyKey,
    whenUnsatisfiable: one.timeline.constraint.whenUnsatisfiable,
    maxSkew: one.maxSkew,
    status: one.status,
    steadySkew: one.steady?.skew ?? null,
    worstReadySkew: one.worst?.readySkew ?? null,
    returnMs: Number.isFinite(one.returnMs) ? one.returnMs : null,
    timeline: one.timeline.points
      .slice(0, mostPoints)
      .map(({ atMs, skew, readySkew, domains, placed, ready, wanted }) => ({
        atMs,
        skew,
        readySkew,
        domains,
        placed,
        ready,
        wanted,
      })),
  })),
});

function judge(history: History, params: SpreadParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  if (window.healedMs === null) return { status: 'unknown', because: 'the fault was never healed' };
  const wanted = params.workload === null ? () => true : glob(params.workload);
  const timelines = skewTimelines(
    index.states,
    ({ name }, { topologyKey }) => wanted(name) && (params.topologyKey ?? topologyKey) === topologyKey,
  );
  if (timelines.length === 0)
    return { status: 'unknown', because: 'no workload with a topology spread constraint was recorded' };
  const demand = {
    maxSkew: params.maxSkew,
    withinMs: params.within.ms,
    withinText: spaced(params.within.text),
    faultMs: window.startMs,
    healedMs: window.healedMs,
    endMs: recordingEnd(index),
    lateness: latenessOf(index),
  };
  const judged = timelines.map((timeline) => judgeTimeline(timeline, demand));
  const measured = few(judged.map(sentenceOf));
  const figures = figuresOf(judged, params.within.ms);
  const details = detailsOf(judged, window);
  // What happened while the fault was on is only reported: a gap there decides nothing.
  const kinds = ['Pod', 'Node', 'Deployment', 'StatefulSet'];
  const gap =
    recorderGaps(index, kinds, window.startMs, window.startMs)[0] ??
    recorderGaps(index, kinds, window.healedMs, Infinity)[0];
  if (gap !== undefined)
    return { status: 'unknown', because: gapSentence(gap, window.startMs), measured, figures, details };
  const violators = judged.filter(({ status }) => status === 'violated');
  if (violators.length > 0) {
    const evidence = violators.flatMap(({ shown }) => (shown === null ? [] : [shown.event]));
    const because = violation(labelOf(params), promiseOf(params), few(violators.map(sentenceOf)));
    return { status: 'violated', because, measured, figures, details, evidence };
  }
  const unknown = judged.find(({ status }) => status === 'unknown');
  if (unknown !== undefined)
    return { status: 'unknown', because: `${nameOf(unknown)}: ${unknown.why}`, measured, figures, details };
  return { status: 'held', measured, figures, details };
}

export const topologySpreadGuarantee: Guarantee<SpreadParams> = {
  name: 'topology-spread',
  summary: 'Pods are spread evenly over their domains before the fault, and again in time after it is healed',
  params(given: Json): SpreadParams {
    const params = new Params('topology-spread', given, ['within', 'maxSkew', 'workload', 'topologyKey']);
    return {
      within: params.duration('within'),
      maxSkew: params.count('maxSkew', 1),
      workload: params.text('workload'),
      topologyKey: params.text('topologyKey'),
    };
  },
  promise: promiseOf,
  judge,
};
