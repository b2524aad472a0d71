import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { Json } from '../model/json.ts';
import { judgeCollections } from './collections/judge-collections.ts';
import { Params } from './params.ts';

export interface AppendOrderParams {
  readonly target: string;
}

/** A list only ever grows at its end: `appendOrder()`. */
export function appendOrder(
  given: {
    /** A pattern of targets; the lists that were written through them are judged. `*` by default. */
    readonly target?: string;
  } = {},
): GuaranteeSpec {
  appendOrderGuarantee.params({ ...given });
  return { guarantee: 'append-order', params: { ...given } };
}

function promiseOf({ target }: AppendOrderParams): string {
  const through = target === '*' ? '' : ` through ${target}`;
  return `every read of a list shows a beginning of one order, in which each append${through} that was acknowledged has its place from then on, once`;
}

export const appendOrderGuarantee: Guarantee<AppendOrderParams> = {
  name: 'append-order',
  summary: 'Reads of a list that is appended to agree on one order, and no acknowledged append is missing',
  needsReadBack: true,
  params(given: Json): AppendOrderParams {
    const params = new Params('append-order', given, ['target']);
    return { target: params.text('target') ?? '*' };
  },
  promise: promiseOf,
  judge: (history, params) =>
    judgeCollections(history, params.target, {
      action: 'append',
      noun: 'list',
      label: `append-order(${params.target === '*' ? '' : params.target})`,
      promise: promiseOf(params),
    }),
};
