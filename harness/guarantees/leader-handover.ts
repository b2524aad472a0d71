import type { Duration } from '../model/duration.ts';
import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { GapEvent, History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { countFigure, timeFigure } from './figures.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory } from './history-index.ts';
import { latenessOf } from './lateness.ts';
import { followElections, type Election, type Silence } from './leases/elections.ts';
import { handsOver, overlapOf, type Overlap } from './leases/overlap.ts';
import { Params } from './params.ts';
import { recordingEnd } from './recording-end.ts';
import { count, few, formatInterval, spaced, violation } from './sentence.ts';

export interface HandoverParams {
  readonly under: { readonly text: string; readonly ms: number };
  /** A pattern of leases. */
  readonly lease: string;
}

/** Leadership passes without overlap, and no lease goes without a holder for long: `leaderHandover({ under: '30s' })`. */
export function leaderHandover(given: { readonly under?: Duration; readonly lease?: string } = {}): GuaranteeSpec {
  leaderHandoverGuarantee.params({ ...given });
  return { guarantee: 'leader-handover', params: { ...given } };
}

const labelOf = ({ under, lease }: HandoverParams): string => `leader-handover(${under.text}, ${lease})`;

const promiseOf = ({ under, lease }: HandoverParams): string =>
  `no lease ${lease} passes to a new holder before the time of the last one is over, and none is without a renewal for more than ${spaced(under.text)}`;

interface Judged {
  readonly silence: Silence;
  readonly overlap: Overlap;
  /** Whether it was silent for longer than promised; null when that cannot be told. */
  readonly tooLong: boolean | null;
}

const shortly = (name: string): string => name.replace(/^(.{1,24}).*$/s, '$1');

const intervalOf = ({ lasted: { lowerMs, upperMs } }: Silence): string =>
  upperMs - lowerMs < 1 ? formatMs(upperMs) : formatInterval(lowerMs, upperMs);

function overlapSentence({ silence }: Judged, faultMs: number): string {
  const { lease, from, to, durationMs, endMs } = silence;
  return `${lease} passed from ${shortly(from)} to ${shortly(to)} ${formatMs(endMs - faultMs)} after the injection, ${intervalOf(silence)} after its last renewal, which gave it ${formatMs(durationMs ?? 0)}, without a release`;
}

function silenceSentence({ silence }: Judged, faultMs: number): string {
  const { lease, from, to, startMs } = silence;
  const until = to === '' ? 'until the recording ended' : to === from ? '' : `until ${shortly(to)} took it`;
  return `${lease} was not renewed for ${intervalOf(silence)} from ${formatMs(startMs - faultMs)} after the injection on${until === '' ? '' : ` ${until}`}`;
}

/** The longest silence of each lease, and its handovers, as a sentence. */
function measuredSentence(elections: readonly Election[], judged: readonly Judged[]): string {
  const states = elections.map(({ lease }) => {
    const own = judged.filter(({ silence }) => silence.lease === lease);
    const longest = longestOf(own);
    const handovers = own.filter(({ silence }) => handsOver(silence)).length;
    const durations = [...new Set(own.map(({ silence }) => silence.durationMs))].filter((ms) => ms !== null);
    const valid = durations.length === 0 ? '' : `, valid for ${durations.map(formatMs).join(' or ')}`;
    return `${lease} ${count(handovers, 'handover')}, longest without a renewal ${longest === null ? 'unseen' : intervalOf(longest)}${valid}`;
  });
  return few(states, 5);
}

function longestOf(judged: readonly Judged[]): Silence | null {
  let longest: Silence | null = null;
  for (const { silence } of judged)
    if (longest === null || silence.lasted.upperMs > longest.lasted.upperMs) longest = silence;
  return longest;
}

function figuresOf(elections: readonly Election[], judged: readonly Judged[], limitMs: number): Figure[] {
  return [
    countFigure('overlaps', judged.filter(({ overlap }) => overlap === 'overlap').length, 0),
    countFigure('handovers', judged.filter(({ silence }) => handsOver(silence)).length),
    ...elections.flatMap(({ lease }) => {
      const longest = longestOf(judged.filter(({ silence }) => silence.lease === lease));
      if (longest === null) return [];
      const { lowerMs, upperMs } = longest.lasted;
      return [timeFigure(`longest without a renewal of ${lease}`, lowerMs, upperMs, limitMs)];
    }),
  ];
}

const mostListed = 200;

function detailsOf(judged: readonly Judged[]): Json {
  const handovers = judged.filter(({ silence }) => handsOver(silence));
  return {
    handovers: handovers.slice(0, mostListed).map(({ silence, overlap }) => {
      const { lease, from, to, startMs, endMs, lasted, released, durationMs } = silence;
      return { lease, from, to, startMs, endMs, ...lasted, released, durationMs, overlap };
    }),
    handoversInAll: handovers.length,
  };
}

/** What cannot be decided about one silence, as a sentence; null when it is decided. */
function doubt({ silence, overlap, tooLong }: Judged, faultMs: number): string | null {
  const { lease, from, to, durationMs, unseen } = silence;
  const handover = `the handover of ${lease} from ${shortly(from)} to ${shortly(to)}`;
  if (unseen > 0) return `${lease} had ${count(unseen, 'holder')} that the recorder did not see`;
  if (overlap === 'unknown' && durationMs === null)
    return `${handover}: the lease does not say for how long it is valid`;
  if (overlap === 'unknown')
    return `${handover} was ${intervalOf(silence)} after the last renewal by the clocks of the holders and of the recorder, and the lease is valid for ${formatMs(durationMs ?? 0)}`;
  return tooLong === null ? silenceSentence({ silence, overlap, tooLong }, faultMs) : null;
}

function judge(history: History, params: HandoverParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const { startMs } = window;
  const elections = followElections(index.states, glob(params.lease), recordingEnd(index), latenessOf(index));
  if (elections.length === 0) return { status: 'unknown', because: `no lease ${params.lease} was recorded` };
  const judged = elections
    .flatMap(({ silences }) => silences)
    .filter(({ endMs }) => endMs >= startMs)
    .map((silence): Judged => ({ silence, overlap: overlapOf(silence), tooLong: tooLong(silence, params.under.ms) }));
  const measured = measuredSentence(elections, judged);
  const figures = figuresOf(elections, judged, params.under.ms);
  const details = detailsOf(judged);
  const gaps = recorderGaps(index, ['Lease'], startMs, Infinity);
  // In a blind time a lease may have been renewed or released.
  const seen = judged.filter(({ silence }) => !gaps.some((gap) => covers(gap, silence)));
  const broken = seen.filter(({ overlap, tooLong: long }) => overlap === 'overlap' || long === true);
  if (broken.length > 0) {
    const sentences = broken.map((one) =>
      one.overlap === 'overlap' ? overlapSentence(one, startMs) : silenceSentence(one, startMs),
    );
    const because = violation(labelOf(params), promiseOf(params), few(sentences));
    const evidence = broken.flatMap(({ silence }) => silence.events).slice(0, 6);
    return { status: 'violated', because, measured, figures, details, evidence };
  }
  const [gap] = gaps;
  const because =
    gap === undefined
      ? judged.map((one) => doubt(one, startMs)).find((sentence) => sentence !== null)
      : gapSentence(gap, startMs);
  if (because !== undefined) return { status: 'unknown', because, measured, figures, details };
  return { status: 'held', measured, figures, details };
}

function tooLong({ lasted: { lowerMs, upperMs } }: Silence, underMs: number): boolean | null {
  if (lowerMs > underMs) return true;
  return upperMs > underMs ? null : false;
}

const covers = (gap: GapEvent, { startMs, endMs }: Silence): boolean => gap.startMs <= endMs && gap.endMs >= startMs;

export const leaderHandoverGuarantee: Guarantee<HandoverParams> = {
  name: 'leader-handover',
  summary: 'No two holders of a lease of leader election overlap, and a new one comes in time',
  params(given: Json): HandoverParams {
    const params = new Params('leader-handover', given, ['under', 'lease']);
    return { under: params.duration('under', '30s'), lease: params.text('lease') ?? 'kube-*' };
  },
  promise: promiseOf,
  judge,
};
