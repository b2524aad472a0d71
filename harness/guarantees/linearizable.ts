import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History, OpEvent } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { collectionKeys } from './collections/collection-keys.ts';
import { faultWindow } from './fault-window.ts';
import { countFigure } from './figures.ts';
import { gapSentence, gapsOf, ledgerGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory } from './history-index.ts';
import { checkLinearizability, type Linearizability } from './linearizability/check.ts';
import { describeConflict, describeOperation } from './linearizability/sentences.ts';
import { Params } from './params.ts';
import { count, violation } from './sentence.ts';

export interface LinearizableParams {
  readonly target: string;
  readonly limit: number;
}

/** Every read sees the latest write: `linearizable({ target: 'api-*' })`. */
export function linearizable(
  given: {
    /** A pattern of targets; the keys that were written through them are judged. `*` by default. */
    readonly target?: string;
    /** How many steps to search before the answer is `unknown`; 5 million by default. */
    readonly limit?: number;
  } = {},
): GuaranteeSpec {
  linearizableGuarantee.params({ ...given });
  return { guarantee: 'linearizable', params: { ...given } };
}

/** Half a minute of search on a slow machine; a history of 10,000 operations mostly takes some thousands. */
const defaultLimit = 5_000_000;

const labelOf = ({ target }: LinearizableParams): string => `linearizable${target === '*' ? '' : `(${target})`}`;

const promiseOf = ({ target }: LinearizableParams): string =>
  `every operation on ${target === '*' ? 'a key' : `a key written through ${target}`} takes effect at one instant between its start and its answer`;

/** All operations on the keys that were written through the wanted targets: what went by other ways has effects too. */
function operationsOn(history: History, wanted: (target: string) => boolean): readonly OpEvent[] {
  const operations = history.filter((event) => event.kind === 'op');
  const collected = collectionKeys(operations);
  const keys = new Set(
    operations.filter((each) => each.action !== 'read' && wanted(each.target)).map(({ key }) => key),
  );
  return operations.filter(({ key }) => keys.has(key) && !collected.has(key));
}

function sentenceOf(found: Linearizability): string {
  const { operations, keys, indeterminate, illegal, undecided } = found;
  const of = `${count(operations, 'operation')} on ${count(keys, 'key')}, ${String(indeterminate)} of them without an answer`;
  if (illegal.length === 0)
    return `${of}: ${undecided.length === 0 ? 'all fit an order' : `an order for ${count(keys - undecided.length, 'key')}`}`;
  const [first] = illegal;
  const why = first?.conflict ? `; ${describeConflict(first.key, first.conflict)}` : '';
  return `${of}: ${count(illegal.length, 'key has', 'keys have')} no order${why}`;
}

function figuresOf({ illegal, undecided, operations, indeterminate }: Linearizability): Figure[] {
  const upper = illegal.length + undecided.length;
  return [
    { name: 'keys without an order', unit: 'count', lower: illegal.length, upper, limit: 0 },
    countFigure('operations', operations),
    countFigure('indeterminate', indeterminate),
  ];
}

const detailsOf = ({ illegal, undecided, steps }: Linearizability): Json => ({
  steps,
  illegal: illegal.slice(0, 20).map(({ key, conflict }) => ({
    key,
    conflict: conflict === null ? null : describeConflict(key, conflict),
  })),
  undecided: undecided.slice(0, 20).map(({ key }) => key),
});

/** Why an order that was found proves nothing, or that none was found accuses nobody; null when the evidence is good. */
function flaw(history: History, found: Linearizability, params: LinearizableParams): string | null {
  if (found.keys === 0) return `the history has no write through a target ${params.target}`;
  if (found.observedKeys === 0) return 'nothing that was written was read, so no answer could be wrong';
  // An operation that was not recorded may have written what a read found.
  const index = indexHistory(history);
  const [gap] = [...ledgerGaps(index), ...gapsOf(index, ['client'])];
  const window = faultWindow(index);
  if (gap !== undefined) return gapSentence(gap, 'unknown' in window ? 0 : window.startMs);
  if (found.illegal.length > 0) return null;
  if ('unknown' in window) return window.unknown;
  if (found.blind > 0)
    return `${count(found.blind, 'cas does', 'cas do')} not say what was demanded, so their part in the order is not known`;
  const [undecided] = found.undecided;
  if (undecided === undefined) return null;
  const at = undecided.at === null ? '' : ` at ${describeOperation(undecided.at)}`;
  return `the search stopped at its limit of ${String(params.limit)} steps, on key ${undecided.key}${at}; no order was found or ruled out for ${count(found.undecided.length, 'key')}`;
}

const mostEvidence = 6;

function judge(history: History, params: LinearizableParams): Verdict {
  const found = checkLinearizability(operationsOn(history, glob(params.target)), params.limit);
  const facts = { measured: sentenceOf(found), figures: figuresOf(found), details: detailsOf(found) };
  const because = flaw(history, found, params);
  if (because !== null) return { status: 'unknown', because, ...(found.keys === 0 ? {} : facts) };
  if (found.illegal.length === 0) return { status: 'held', ...facts };
  const evidence = found.illegal.flatMap(({ conflict }) =>
    conflict === null ? [] : [conflict.at, ...(conflict.with ?? [])].map(({ event }) => event),
  );
  return {
    status: 'violated',
    because: violation(labelOf(params), promiseOf(params), facts.measured),
    ...facts,
    evidence: evidence.slice(0, mostEvidence),
  };
}

export const linearizableGuarantee: Guarantee<LinearizableParams> = {
  name: 'linearizable',
  summary: 'The operations on each key fit an order that respects time and makes every answer right',
  params(given: Json): LinearizableParams {
    const params = new Params('linearizable', given, ['target', 'limit']);
    return { target: params.text('target') ?? '*', limit: params.count('limit', 1) ?? defaultLimit };
  },
  promise: promiseOf,
  judge,
};
