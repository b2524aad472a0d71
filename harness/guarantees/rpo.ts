import type { Duration } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { collectOps } from './durability/collect-ops.ts';
import { duplicatesOf } from './durability/duplicates.ts';
import type { RpoFacts } from './durability/facts.ts';
import { fateOf, type Fate, type Finding } from './durability/key-fate.ts';
import { rpoDetails, rpoSentence } from './durability/report.ts';
import { faultWindow, type FaultWindow } from './fault-window.ts';
import { countFigure } from './figures.ts';
import { gapSentence, ledgerGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory, type HistoryIndex } from './history-index.ts';
import { Params } from './params.ts';
import { count, spaced, violation } from './sentence.ts';

export interface RpoParams {
  readonly lost: number;
  /** Lost writes that were acknowledged no longer than this before an injection do not count; null when all do. */
  readonly within: { readonly text: string; readonly ms: number } | null;
  readonly target: string;
}

/** Acknowledged writes are still there after recovery: `rpo({ lost: 0 })`. */
export function rpo(given: {
  /** How many acknowledged writes may be lost. */
  readonly lost: number;
  /** Forgives the loss of writes that were acknowledged at most so long before an injection, or since it: the RPO as a time. */
  readonly within?: Duration;
  /** A pattern of the targets that were written through; `*` by default. */
  readonly target?: string;
}): GuaranteeSpec {
  rpoGuarantee.params({ ...given });
  return { guarantee: 'rpo', params: { ...given } };
}

const labelOf = ({ lost, within, target }: RpoParams): string =>
  `rpo(${[`lost ${String(lost)}`, ...(within === null ? [] : [`within ${within.text}`]), ...(target === '*' ? [] : [target])].join(', ')})`;

function promiseOf({ lost, within, target }: RpoParams): string {
  const since = within === null ? '' : ` more than ${spaced(within.text)} before an injection`;
  const through = `${target === '*' ? '' : ` through ${target}`}${since}`;
  const most = lost === 0 ? 'no acknowledged write' : `at most ${count(lost, 'acknowledged write')}`;
  return `${most}${through} is lost, and none is doubled, stale or back from the dead after recovery`;
}

/** Writes that long before the fault show that there was something to lose. */
const beforeMs = 10_000;

/** Why the operations prove nothing, or null. */
function flaw({ operations, window, acknowledged }: RpoFacts, { target }: RpoParams): string | null {
  if (operations.keys.length === 0) return `the history has no write through a target ${target}`;
  if (acknowledged === 0) return 'no write was acknowledged, so none could be lost';
  const early = operations.keys.some(({ writes }) =>
    writes.some(
      ({ outcome, endMs }) => outcome === 'ok' && endMs <= window.startMs && endMs > window.startMs - beforeMs,
    ),
  );
  if (!early) return 'no write was acknowledged in the 10 s before the fault, so none was at stake';
  if (operations.finalReads === 0) return 'nothing was read back after the recovery';
  if (operations.keys.every(({ finalReads }) => finalReads.length === 0))
    return `none of ${count(operations.finalReads, 'final read')} succeeded`;
  return null;
}

function gather({ ops }: HistoryIndex, params: RpoParams, window: FaultWindow): RpoFacts {
  const operations = collectOps(ops, glob(params.target), window.healedMs ?? window.startMs);
  const found: Record<Finding, Fate[]> = { lost: [], stale: [], resurrected: [], unexpected: [] };
  const duplicated = duplicatesOf(operations.keys);
  const doubled = new Set(duplicated.map(({ key }) => key));
  let [unread, indeterminate] = [0, 0];
  for (const record of operations.keys) {
    const fate = fateOf(record);
    if (fate.unread) unread += 1;
    indeterminate += record.writes.filter(({ outcome }) => outcome === 'unknown').length;
    // A doubled record is unexpected where it does not belong: one finding is enough for it.
    if (fate.finding === 'unexpected' && doubled.has(record.key)) continue;
    if (fate.finding !== null) found[fate.finding].push(fate);
  }
  const acknowledged = operations.targets.reduce((sum, target) => sum + target.acknowledged, 0);
  return { operations, window, acknowledged, indeterminate, unread, duplicated, found };
}

/** The lost writes that count: all, or those that were acknowledged too long before the injection that can have cost them. */
function counted({ found, window }: RpoFacts, { within }: RpoParams): readonly Fate[] {
  if (within === null) return found.lost;
  const injections = window.events.filter(({ phase }) => phase === 'injecting').map(({ atMs }) => atMs);
  return found.lost.filter(({ evidence: [write] }) => {
    const next = injections.filter((atMs) => atMs >= (write?.endMs ?? 0));
    return next.length > 0 && Math.min(...next) - (write?.endMs ?? 0) > within.ms;
  });
}

function figuresOf({ unread, duplicated, acknowledged, found }: RpoFacts, lost: number, limit: number): Figure[] {
  return [
    { name: 'lost', unit: 'count', lower: lost, upper: lost + unread, limit },
    countFigure('duplicated', duplicated.length, 0),
    countFigure('stale', found.stale.length, 0),
    countFigure('resurrected', found.resurrected.length, 0),
    countFigure('unexpected', found.unexpected.length, 0),
    countFigure('acknowledged', acknowledged),
  ];
}

const mostEvidence = 6;

function judge(history: History, params: RpoParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const facts = gather(index, params, window);
  const because = flaw(facts, params);
  if (because !== null) return { status: 'unknown', because };
  const measured = rpoSentence(facts);
  const lost = counted(facts, params);
  const figures = figuresOf(facts, lost.length, params.lost);
  const details = rpoDetails(facts);
  const { found, duplicated, unread } = facts;
  const wrong = [...found.stale, ...found.resurrected, ...found.unexpected];
  if (lost.length > params.lost || wrong.length > 0 || duplicated.length > 0) {
    const evidence = [...lost, ...wrong].flatMap((fate) => fate.evidence);
    return {
      status: 'violated',
      because: violation(labelOf(params), promiseOf(params), measured),
      measured,
      figures,
      details,
      evidence: [...evidence, ...duplicated].slice(0, mostEvidence),
    };
  }
  if (lost.length + unread > params.lost) {
    const because = `${count(unread, 'acknowledged write')} could not be read back and may be lost`;
    return { status: 'unknown', because, measured, figures, details };
  }
  const [gap] = ledgerGaps(index).filter(({ endMs }) => endMs >= window.startMs);
  if (gap !== undefined)
    return { status: 'unknown', because: gapSentence(gap, window.startMs), measured, figures, details };
  return { status: 'held', measured, figures, details };
}

export const rpoGuarantee: Guarantee<RpoParams> = {
  name: 'rpo',
  summary: 'Acknowledged writes are all there after recovery, once, and as they were written',
  needsReadBack: true,
  params(given: Json): RpoParams {
    const params = new Params('rpo', given, ['lost', 'within', 'target']);
    return {
      lost: params.count('lost', 0) ?? 0,
      within: params.has('within') ? params.duration('within') : null,
      target: params.text('target') ?? '*',
    };
  },
  promise: promiseOf,
  judge,
};
