import { formatMs } from '../../model/duration.ts';
import type { HistoryEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import type { Figure, Verdict } from '../../model/verdict.ts';
import { count, few, formatInterval, formatShare, violation } from '../sentence.ts';
import type { Stall } from './control.ts';
import { isWorse, judgeStream, type Demand, type JudgedStream } from './judge-stream.ts';
import { cleanMs, notServed, pathDetails, tailOf } from './path-figures.ts';
import { phaseDetails, type Phase } from './phases.ts';
import type { Stream } from './stream.ts';

export interface Question {
  readonly label: string;
  readonly promise: string;
  /** What a sample is called: `request`, `write`. */
  readonly noun: string;
  readonly streams: readonly Stream[];
  /** Everything but untilMs, which follows from the streams. */
  readonly demand: Omit<Demand, 'untilMs'> & { readonly goneMs: number | null };
  readonly phases: readonly Phase[];
}

/** A stream may end this much before the others without lacking anything. */
const endSlackMs = 1_000;

/** Judges every stream and words the verdict: the worst stream is the service's figure. */
export function judgeStreams(question: Question): Verdict {
  const { streams, demand } = question;
  const untilMs = untilOf(streams, demand.goneMs);
  const judged = streams.map((stream) => judgeStream(stream, { ...demand, untilMs }));
  const worst = worstOf(judged);
  const measured = measuredSentence(question, judged, worst);
  const figures = figuresOf(judged, worst, demand.limitMs);
  const details = detailsOf(question, judged, worst);
  const violators = judged.filter(({ status }) => status === 'violated');
  if (violators.length > 0) {
    const because = violation(question.label, question.promise, measured);
    return {
      status: 'violated',
      because,
      measured,
      figures,
      details,
      evidence: evidenceOf(violators, worst, demand.limitMs),
    };
  }
  const unknowns = judged.filter(({ status }) => status === 'unknown');
  if (unknowns.length > 0) return { status: 'unknown', because: unknownSentence(unknowns), measured, figures, details };
  return { status: 'held', measured, figures, details };
}

/** To where the samples of each stream must reach: the last heal, and the end of the other streams. */
export function untilOf(streams: readonly Stream[], goneMs: number | null): number {
  const lastMs = Math.max(...streams.map(({ starts }) => starts[starts.length - 1] ?? 0));
  return Math.max(lastMs - endSlackMs, goneMs ?? 0);
}

function unknownSentence(unknowns: readonly JudgedStream[]): string {
  const [first] = unknowns;
  const others = unknowns.slice(1).map(({ stream }) => stream.label);
  const more = others.length === 0 ? '' : ` (unknown as well: ${few(others)})`;
  return `${first?.stream.label ?? ''}: ${first?.because ?? ''}${more}`;
}

/** The stream with the worst outage; the one where most could have passed unseen when there was none. */
function worstOf(judged: readonly JudgedStream[]): JudgedStream | null {
  let worst: JudgedStream | null = null;
  for (const one of judged) {
    if (worst === null) worst = one;
    else if (one.worst === null) {
      if (worst.worst === null && one.outages.unseenMs > worst.outages.unseenMs) worst = one;
    } else if (worst.worst === null || isWorse(one.worst, worst.worst)) worst = one;
  }
  return worst;
}

const total = (judged: readonly JudgedStream[], of: (one: JudgedStream) => number): number =>
  judged.reduce((sum, one) => sum + of(one), 0);

function measuredSentence(question: Question, judged: readonly JudgedStream[], worst: JudgedStream | null): string {
  const { noun, demand } = question;
  const samples = total(judged, ({ spacing }) => spacing.samples);
  const widest = formatMs(Math.max(0, ...judged.map(({ spacing }) => spacing.widestMs)));
  const paths = count(judged.length, 'path');
  const outage = worst?.worst ?? null;
  if (worst === null || outage === null) {
    const unseen = Math.max(0, ...judged.map(({ outages }) => outages.unseenMs));
    return `no ${noun} failed or was late: ${count(samples, noun)} on ${paths} after the injection, at most ${widest} apart, so that an outage longer than ${formatMs(unseen)} would have been seen`;
  }
  const since = (ms: number | null): string =>
    ms === null ? 'not reached' : `after ${formatMs(Math.max(0, ms - outage.firstBadMs))}`;
  const inAll = total(judged, ({ outages }) => outages.list.length);
  const hit = judged.filter(({ outages }) => outages.list.length > 0).length;
  const beganMs = Math.max(0, outage.firstBadMs - demand.faultMs);
  const tail = tailSentence(worst, noun, demand.faultMs);
  return [
    `the longest outage took ${formatInterval(outage.lowerMs, outage.upperMs)} on ${worst.stream.label}, from ${formatMs(beganMs)} after the injection, with ${formatShare(outage.notServed, outage.samples)} of ${noun}s failing or late`,
    `first good ${since(outage.firstGoodMs)}, sustained good ${since(outage.recoveredMs)}, clean ${since(cleanMs(worst))}`,
    ...(tail === null ? [] : [tail]),
    `${count(inAll, 'outage')} on ${String(hit)} of ${paths}`,
    `${String(total(judged, notServed))} of ${count(samples, noun)} not served, at most ${widest} apart`,
  ].join('; ');
}

function tailSentence(worst: JudgedStream, noun: string, faultMs: number): string | null {
  const tail = tailOf(worst);
  if (tail === null) return null;
  const failed = `${String(tail.notServed)} more ${noun}${tail.notServed === 1 ? '' : 's'} (${formatShare(tail.notServed, tail.samples)})`;
  return `after it ${failed} not served, the last ${formatMs(tail.lastBadMs - faultMs)} after the injection`;
}

function figuresOf(judged: readonly JudgedStream[], worst: JudgedStream | null, limit: number): Figure[] {
  const outage = worst?.worst ?? null;
  const unseen = Math.max(0, ...judged.map(({ outages }) => outages.unseenMs));
  const point = (name: string, unit: Figure['unit'], value: number): Figure => ({
    name,
    unit,
    lower: value,
    upper: value,
  });
  const since = (name: string, ms: number | null): Figure[] =>
    ms === null || outage === null ? [] : [point(name, 'ms', Math.max(0, ms - outage.firstBadMs))];
  return [
    { name: 'longest outage', unit: 'ms', lower: outage?.lowerMs ?? 0, upper: outage?.upperMs ?? unseen, limit },
    ...since('first good', outage?.firstGoodMs ?? null),
    ...since('sustained good', outage?.recoveredMs ?? null),
    ...since('clean', worst === null ? null : cleanMs(worst)),
    point(
      'outages',
      'count',
      total(judged, ({ outages }) => outages.list.length),
    ),
    point('not served', 'count', total(judged, notServed)),
    point('widest sample spacing', 'ms', Math.max(0, ...judged.map(({ spacing }) => spacing.widestMs))),
  ];
}

function detailsOf({ demand, phases }: Question, judged: readonly JudgedStream[], worst: JudgedStream | null): Json {
  const stalls = (list: readonly Stall[]): Json => list.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs }));
  return {
    limitMs: demand.limitMs,
    faultMs: demand.faultMs,
    paths: judged.map(pathDetails),
    stalls: stalls(demand.stalls),
    phases: phaseDetails(
      [...phases, ...streamPhases(worst)].sort((a, b) => a.atMs - b.atMs),
      demand.faultMs,
    ),
  };
}

/** What the load itself saw of the worst outage. */
function streamPhases(worst: JudgedStream | null): Phase[] {
  const outage = worst?.worst ?? null;
  if (worst === null || outage === null) return [];
  const what = worst.stream.label;
  const phase = (name: string, atMs: number | null): Phase[] => (atMs === null ? [] : [{ name, atMs, what }]);
  return [
    ...phase('first failure', outage.firstBadMs),
    ...phase('first good', outage.firstGoodMs),
    ...phase('sustained good', outage.recoveredMs),
    ...phase('clean', cleanMs(worst)),
  ];
}

const mostEvidence = 5;

/** The first failures of the worst outage and the answer that ended it. */
function evidenceOf(violators: readonly JudgedStream[], worst: JudgedStream | null, limitMs: number): HistoryEvent[] {
  const judged = violators.find((one) => one === worst) ?? violators[0];
  const outage = judged?.outages.list.find(({ lowerMs }) => lowerMs > limitMs);
  if (judged === undefined || outage === undefined) return [];
  const events = judged.stream.events.slice(outage.first, Math.min(outage.last + 1, outage.first + mostEvidence));
  const ending = judged.stream.events[outage.last + 1];
  return ending === undefined ? events : [...events, ending];
}
