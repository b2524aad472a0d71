import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { Json } from '../model/json.ts';
import { judgeCollections } from './collections/judge-collections.ts';
import { Params } from './params.ts';

export interface SetCompleteParams {
  readonly target: string;
}

/** Every acknowledged add is in the set for good: `setComplete()`. */
export function setComplete(
  given: {
    /** A pattern of targets; the sets that were written through them are judged. `*` by default. */
    readonly target?: string;
  } = {},
): GuaranteeSpec {
  setCompleteGuarantee.params({ ...given });
  return { guarantee: 'set-complete', params: { ...given } };
}

function promiseOf({ target }: SetCompleteParams): string {
  const through = target === '*' ? '' : ` through ${target}`;
  return `every element whose add${through} was acknowledged is in the set after recovery, once, and nothing else is`;
}

export const setCompleteGuarantee: Guarantee<SetCompleteParams> = {
  name: 'set-complete',
  summary: 'Acknowledged adds to a set are all in it after recovery, and nothing else is',
  needsReadBack: true,
  params(given: Json): SetCompleteParams {
    const params = new Params('set-complete', given, ['target']);
    return { target: params.text('target') ?? '*' };
  },
  promise: promiseOf,
  judge: (history, params) =>
    judgeCollections(history, params.target, {
      action: 'add',
      noun: 'set',
      label: `set-complete(${params.target === '*' ? '' : params.target})`,
      promise: promiseOf(params),
    }),
};
