import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { GapEvent, History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { countFigure } from './figures.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory } from './history-index.ts';
import { followOrdinals, type Duplicate } from './ordinals/replacements.ts';
import { Params } from './params.ts';
import { count, few, violation } from './sentence.ts';

export interface OrdinalParams {
  /** A pattern of StatefulSets; null for all. */
  readonly statefulSet: string | null;
}

/** No ordinal of a StatefulSet has two pods that may run at once: `noDuplicateOrdinal()`. */
export function noDuplicateOrdinal(given: { readonly statefulSet?: string } = {}): GuaranteeSpec {
  noDuplicateOrdinalGuarantee.params({ ...given });
  return { guarantee: 'no-duplicate-ordinal', params: { ...given } };
}

const labelOf = ({ statefulSet }: OrdinalParams): string => `no-duplicate-ordinal(${statefulSet ?? ''})`;

const promiseOf = ({ statefulSet }: OrdinalParams): string =>
  `no pod of ${statefulSet === null ? 'a StatefulSet' : `the StatefulSet ${statefulSet}`} is given a node before the one of the same ordinal is known to have ended`;

function sentenceOf({ pod, old, next, removed, atMs }: Duplicate, faultMs: number): string {
  const goneMs = old.goneMs ?? atMs;
  const how = removed
    ? `was removed from the API ${formatMs(goneMs - faultMs)} after the injection before its kubelet had said that it ended, and ${formatMs(atMs - goneMs)} later`
    : `was still there ${formatMs(atMs - faultMs)} after the injection when`;
  const [oldId, nextId] = [old.uid, next.uid].map((uid) => uid.slice(0, 8));
  return `${pod} (${String(oldId)}) on ${old.node ?? 'no node'} ${how} another ${pod} (${String(nextId)}) was placed on ${next.node ?? 'no node'}`;
}

const mostListed = 200;

const detailsOf = (duplicates: readonly Duplicate[]): Json => ({
  duplicates: duplicates.slice(0, mostListed).map(({ namespace, set, pod, atMs, old, next, removed }) => ({
    namespace,
    statefulSet: set,
    pod,
    atMs,
    removed,
    oldUid: old.uid,
    oldNode: old.node,
    oldGoneMs: old.goneMs,
    newUid: next.uid,
    newNode: next.node,
  })),
  duplicatesInAll: duplicates.length,
});

function judge(history: History, params: OrdinalParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const wanted = params.statefulSet === null ? () => true : glob(params.statefulSet);
  const { seen, replaced, duplicates } = followOrdinals(index.states, window.startMs, wanted);
  if (seen === 0)
    return {
      status: 'unknown',
      because: `no pod of a StatefulSet${params.statefulSet === null ? '' : ` ${params.statefulSet}`} was recorded`,
    };
  const measured =
    duplicates.length === 0
      ? `${count(seen, 'ordinal')}, ${count(replaced, 'pod')} replaced, each after the one before it was known to have ended`
      : `${count(duplicates.length, 'pod')} placed while another of the same ordinal may have run: ${few(duplicates.map((one) => sentenceOf(one, window.startMs)))}`;
  const figures = [
    countFigure('duplicate ordinals', duplicates.length, 0),
    countFigure('ordinals', seen),
    countFigure('replaced pods', replaced),
  ];
  const details = detailsOf(duplicates);
  const gaps = recorderGaps(index, ['Pod'], window.startMs, Infinity);
  // What ended in a blind time may have been confirmed in it.
  const sure = duplicates.filter((one) => !gaps.some((gap) => covers(gap, one)));
  if (sure.length > 0) {
    const evidence = sure.flatMap(({ old, next }) => [old.event, next.event]).slice(0, 6);
    const because = violation(labelOf(params), promiseOf(params), measured);
    return { status: 'violated', because, measured, figures, details, evidence };
  }
  const [gap] = gaps;
  if (gap !== undefined)
    return { status: 'unknown', because: gapSentence(gap, window.startMs), measured, figures, details };
  return { status: 'held', measured, figures, details };
}

const covers = ({ startMs, endMs }: GapEvent, { old, atMs }: Duplicate): boolean =>
  startMs <= atMs && endMs >= (old.goneMs ?? atMs);

export const noDuplicateOrdinalGuarantee: Guarantee<OrdinalParams> = {
  name: 'no-duplicate-ordinal',
  summary: 'No pod of a StatefulSet is placed before the one of the same ordinal is known to have ended',
  params: (given: Json): OrdinalParams => ({
    statefulSet: new Params('no-duplicate-ordinal', given, ['statefulSet']).text('statefulSet'),
  }),
  promise: promiseOf,
  judge,
};
