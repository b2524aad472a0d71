import { formatMs, type Duration } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History, OpEvent } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { faultWindow, type FaultWindow } from './fault-window.ts';
import { countFigure, timeFigure } from './figures.ts';
import { gapSentence, gapsOf, ledgerGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory, type HistoryIndex } from './history-index.ts';
import { Params } from './params.ts';
import { count, few, spaced, violation } from './sentence.ts';
import { changesOf, completenessOf, type Completeness } from './watches/completeness.ts';
import { follow, type Finding, type Followed } from './watches/follow.ts';

export interface WatchOrderParams {
  readonly within: { readonly text: string; readonly ms: number };
  readonly target: string;
  /** Whether a client may have to list again: then what changed meanwhile has no order, but must be there. */
  readonly relist: 'unknown' | 'allowed';
}

/** Watches of the API tell every change, once and in order, also after they broke: `watchOrder()`. */
export function watchOrder(
  given: {
    /** How long a connected watch may be without an event of an acknowledged write, once the fault is gone; `5s` by default. */
    readonly within?: Duration;
    /** A pattern of the targets that are watched through; `*` by default. */
    readonly target?: string;
    /**
     * What a watch comes to that is told 410 Gone, as an API server does that lost its own watch of etcd: `unknown` by default,
     * since its list has no order; `allowed` asks only that nothing is missing in it.
     */
    readonly relist?: WatchOrderParams['relist'];
  } = {},
): GuaranteeSpec {
  watchOrderGuarantee.params({ ...given });
  return { guarantee: 'watch-order', params: { ...given } };
}

function promiseOf({ within, target, relist }: WatchOrderParams): string {
  const through = target === '*' ? '' : ` through ${target}`;
  return `every watch${through} tells of each change once and in the order of its resourceVersion, also when it resumes${relist === 'allowed' ? ' or lists again' : ''}, and of each acknowledged write within ${spaced(within.text)} once the fault is gone`;
}

const labelOf = ({ target, relist }: WatchOrderParams): string =>
  `watch-order(${[...(target === '*' ? [] : [target]), ...(relist === 'allowed' ? ['relist allowed'] : [])].join(', ')})`;

interface Watched {
  readonly followed: Followed;
  readonly completeness: Completeness;
}

const kinds = ['missing', 'repeated', 'back'] as const;
/** Events that long before the fault show that the watch worked. */
const beforeMs = 10_000;
const mostListed = 50;
const mostEvidence = 6;

function watchedOf(index: HistoryIndex, params: WatchOrderParams, window: FaultWindow): readonly Watched[] {
  const byTarget = Map.groupBy(index.watches, ({ target }) => target);
  const all = [...byTarget].map(([target, events]) => follow(target, events));
  const targets = new Set(byTarget.keys());
  // Each record is written once, under a name of its own; what is written through a way that is watched can be seen on all.
  const writes = index.ops.filter(
    ({ action, outcome, target }: OpEvent) => action === 'write' && outcome === 'ok' && targets.has(target),
  );
  const wanted = {
    writes,
    changes: changesOf(all),
    withinMs: params.within.ms,
    goneMs: window.goneMs ?? Infinity,
  };
  const fits = glob(params.target);
  return all
    .filter(({ target }) => fits(target))
    .map((followed) => ({ followed, completeness: completenessOf(followed, wanted) }));
}

const findingsOf = (watched: readonly Watched[]): readonly Finding[] =>
  watched
    .flatMap(({ followed, completeness }) => [...followed.findings, ...completeness.missing])
    .sort((a, b) => a.atMs - b.atMs);

const sum = (watched: readonly Watched[], of: (one: Watched) => number): number =>
  watched.reduce((total, one) => total + of(one), 0);

const slowestOf = (watched: readonly Watched[]): number | null => {
  const times = watched.flatMap(({ completeness: { slowestMs } }) => (slowestMs === null ? [] : [slowestMs]));
  return times.length === 0 ? null : Math.max(...times);
};

function measuredSentence(watched: readonly Watched[], found: readonly Finding[], faultMs: number): string {
  const of = (kind: Finding['kind']): number => found.filter((one) => one.kind === kind).length;
  const told = sum(watched, ({ followed }) => followed.told.size);
  const broken = sum(watched, ({ followed }) => followed.disconnects);
  const expired = sum(watched, ({ followed }) => followed.expired.length);
  const slowest = slowestOf(watched);
  const [first] = found;
  return [
    `${String(of('missing'))} missing, ${String(of('repeated'))} repeated, ${String(of('back'))} told after a newer one, of ${count(told, 'event')} by ${count(watched.length, 'watch', 'watches')}`,
    `${count(broken, 'connection')} broken, ${String(expired)} times 410 Gone`,
    ...(slowest === null ? [] : [`the slowest came ${formatMs(slowest)} after its write was acknowledged`]),
    ...(first === undefined ? [] : [`the first: ${findingSentence(first, faultMs)}`]),
  ].join('; ');
}

function findingSentence({ kind, target, key, version, atMs }: Finding, faultMs: number): string {
  const what = `${key ?? 'the whole collection'}${version === null ? '' : ` in version ${version}`}`;
  const when =
    atMs < faultMs ? `${formatMs(faultMs - atMs)} before the injection` : `${formatMs(atMs - faultMs)} after it began`;
  const how = { missing: 'was never told', repeated: 'was told again', back: 'was told after a newer one' }[kind];
  return `${what} ${how} through ${target}, ${when}`;
}

function figuresOf(watched: readonly Watched[], found: readonly Finding[]): Figure[] {
  const slowest = slowestOf(watched);
  return [
    ...kinds.map((kind) => countFigure(kind, found.filter((one) => one.kind === kind).length, 0)),
    countFigure(
      'broken connections',
      sum(watched, ({ followed }) => followed.disconnects),
    ),
    countFigure(
      '410 Gone',
      sum(watched, ({ followed }) => followed.expired.length),
    ),
    ...(slowest === null ? [] : [timeFigure('slowest', slowest, slowest)]),
  ];
}

const detailsOf = (watched: readonly Watched[], found: readonly Finding[]): Json => ({
  watches: watched.map(({ followed: { target, told, disconnects, expired }, completeness: { slowestMs } }) => ({
    target,
    events: told.size,
    disconnects,
    expired: expired.length,
    slowestMs,
  })),
  findings: found.slice(0, mostListed).map(({ kind, target, key, version, atMs }) => ({
    kind,
    target,
    key,
    version,
    atMs,
  })),
});

/** Why one watch proves nothing, or not all; null when it does. */
function flaw(
  { followed, completeness: { open } }: Watched,
  { startMs, goneMs }: FaultWindow,
  { relist }: WatchOrderParams,
): string | null {
  const { target, told, odd, openedMs, endedMs, expired } = followed;
  if (odd !== null)
    return `through ${target} came the resourceVersion ${odd.version ?? ''}, which is no number that can be compared`;
  const between = (fromMs: number, toMs: number): boolean =>
    [...told.values()].some(({ atMs }) => atMs > fromMs && atMs <= toMs);
  if (openedMs === null || !between(startMs - beforeMs, startMs))
    return `no event came through ${target} in the 10 s before the fault, so nothing was at stake`;
  if (endedMs === null) return `the watch through ${target} was not open when the watching ended`;
  if (goneMs === null || !between(goneMs, Infinity)) return `no event came through ${target} after the fault was gone`;
  const [first] = expired;
  if (first !== undefined && relist !== 'allowed')
    return `through ${target} the server said ${String(expired.length)} times that version ${first.version ?? ''} is gone, and what changed until the list that followed has no order; the list had all of it: ${open === 0 ? 'no acknowledged write is missing' : `but for ${count(open, 'acknowledged write')}`}`;
  if (open > 0)
    return `${count(open, 'acknowledged write')} had not been told through ${target} when the watching ended, too early to call them missing`;
  return null;
}

function judge(history: History, params: WatchOrderParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const watched = watchedOf(index, params, window);
  if (watched.length === 0) return { status: 'unknown', because: `nothing was watched through ${params.target}` };
  const found = findingsOf(watched);
  const measured = measuredSentence(watched, found, window.startMs);
  const seen = { measured, figures: figuresOf(watched, found), details: detailsOf(watched, found) };
  if (found.length > 0) {
    const evidence = found.flatMap((finding) => finding.evidence).slice(0, mostEvidence);
    return { status: 'violated', because: violation(labelOf(params), promiseOf(params), measured), evidence, ...seen };
  }
  const [gap] = [...gapsOf(index, ['watcher']), ...ledgerGaps(index)].filter(({ endMs }) => endMs >= window.startMs);
  if (gap !== undefined) return { status: 'unknown', because: gapSentence(gap, window.startMs), ...seen };
  const flaws = watched.map((one) => flaw(one, window, params)).filter((sentence) => sentence !== null);
  if (flaws.length > 0) return { status: 'unknown', because: few(flaws), ...seen };
  return { status: 'held', ...seen };
}

export const watchOrderGuarantee: Guarantee<WatchOrderParams> = {
  name: 'watch-order',
  summary: 'Watches of the API tell each change once and in order, and no acknowledged write is missing',
  needsReadBack: true,
  params(given: Json): WatchOrderParams {
    const params = new Params('watch-order', given, ['within', 'target', 'relist']);
    return {
      within: params.duration('within', '5s'),
      target: params.text('target') ?? '*',
      relist: params.word('relist', ['unknown', 'allowed']) ?? 'unknown',
    };
  },
  promise: promiseOf,
  judge,
};
