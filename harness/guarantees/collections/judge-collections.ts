import type { History } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import type { Figure, Verdict } from '../../model/verdict.ts';
import { faultWindow } from '../fault-window.ts';
import { countFigure } from '../figures.ts';
import { gapSentence, ledgerGaps } from '../gaps.ts';
import { glob } from '../glob.ts';
import { indexHistory } from '../history-index.ts';
import { count, violation } from '../sentence.ts';
import { collectionsOf, missing, strangers, type Collection, type Finding } from './collect.ts';
import { disorder } from './list-order.ts';

/** Which kind of collection, and how its promise is worded. */
export interface Model {
  readonly action: 'add' | 'append';
  /** `set`, `list`. */
  readonly noun: string;
  readonly label: string;
  readonly promise: string;
}

const kinds = ['lost', 'stale', 'resurrected', 'unexpected', 'duplicated', 'reordered'] as const;
const mostListed = 50;
const mostEvidence = 6;
/** Puts that long before the fault show that there was something to lose. */
const beforeMs = 10_000;

/** Judges the sets or the lists of a history. */
export function judgeCollections(history: History, target: string, model: Model): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const recoveredMs = window.healedMs ?? window.startMs;
  const collections = collectionsOf(index.ops, model.action, glob(target), recoveredMs);
  const because = flawOf(collections, window.startMs, target, model);
  if (because !== null) return { status: 'unknown', because };
  const [gap] = ledgerGaps(index).filter(({ endMs }) => endMs >= window.startMs);
  // What a writer did last before it died nobody told: it is there, and no stranger.
  const found = collections
    .flatMap((one) => findingsOf(one, model))
    .filter(({ kind }) => gap === undefined || kind !== 'unexpected');
  const measured = sentenceOf(collections, found, model);
  const seen = { measured, figures: figuresOf(collections, found, model), details: detailsOf(found) };
  if (found.length > 0) {
    const evidence = found.flatMap((finding) => finding.evidence).slice(0, mostEvidence);
    return { status: 'violated', because: violation(model.label, model.promise, measured), evidence, ...seen };
  }
  if (gap !== undefined) return { status: 'unknown', because: gapSentence(gap, window.startMs), ...seen };
  return { status: 'held', ...seen };
}

function findingsOf(collection: Collection, { action }: Model): readonly Finding[] {
  const reads = action === 'append' ? collection.reads : collection.finalReads;
  const odd = reads.flatMap((read) => strangers(collection, read));
  const order = action === 'append' ? disorder(collection) : [];
  const gone = missing(collection);
  // What is missing for good shows in many ways: it is told once, as lost.
  const lost = new Set(gone.filter(({ kind }) => kind === 'lost').map(({ element }) => element));
  const others = [...odd, ...gone.filter(({ kind }) => kind !== 'lost'), ...order];
  const firsts = new Map<string, Finding>();
  for (const finding of others) {
    const key = `${finding.kind} ${finding.element}`;
    if (!lost.has(finding.element) && !firsts.has(key)) firsts.set(key, finding);
  }
  return [...gone.filter(({ kind }) => kind === 'lost'), ...firsts.values()];
}

const acknowledgedOf = ({ puts }: Collection) => [...puts.values()].filter(({ outcome }) => outcome === 'ok');
const total = (collections: readonly Collection[], of: (one: Collection) => number): number =>
  collections.reduce((sum, one) => sum + of(one), 0);

function flawOf(
  collections: readonly Collection[],
  faultMs: number,
  target: string,
  { action, noun }: Model,
): string | null {
  if (collections.length === 0) return `the history has no ${action} through a target ${target}`;
  for (const collection of collections) {
    const acknowledged = acknowledgedOf(collection);
    if (!acknowledged.some(({ endMs }) => endMs <= faultMs && endMs > faultMs - beforeMs))
      return `no ${action} to the ${noun} ${collection.key} was acknowledged in the 10 s before the fault, so nothing was at stake`;
    if (collection.finalReads.length === 0) return `the ${noun} ${collection.key} was not read back after the recovery`;
  }
  return null;
}

function sentenceOf(collections: readonly Collection[], found: readonly Finding[], { action, noun }: Model): string {
  const puts = total(collections, (one) => acknowledgedOf(one).length);
  const open = total(collections, ({ puts }) => [...puts.values()].filter((put) => put.outcome === 'unknown').length);
  const finalReads = total(collections, (one) => one.finalReads.length);
  const shown = kinds.filter((kind) => kind !== 'reordered' || action === 'append');
  const counts = shown.map((kind) => `${String(found.filter((one) => one.kind === kind).length)} ${kind}`).join(', ');
  const [first] = found;
  const which = first === undefined ? '' : `; the first: ${first.element} of ${first.key} is ${first.kind}`;
  return `${counts} of ${count(puts, `acknowledged ${action}`)} to ${count(collections.length, noun)}, ${String(open)} without an answer (either is right); ${count(finalReads, 'final read')}${which}`;
}

function figuresOf(collections: readonly Collection[], found: readonly Finding[], { action }: Model): Figure[] {
  const shown = kinds.filter((kind) => kind !== 'reordered' || action === 'append');
  return [
    ...shown.map((kind) => countFigure(kind, found.filter((one) => one.kind === kind).length, 0)),
    countFigure(
      'acknowledged',
      total(collections, (one) => acknowledgedOf(one).length),
    ),
  ];
}

const detailsOf = (found: readonly Finding[]): Json => ({
  findings: found.slice(0, mostListed).map(({ kind, key, element }) => ({ kind, key, element })),
});
