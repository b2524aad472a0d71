import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { ConnectionMode, History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { shareOf, shareSentence, type Share } from './requests/share.ts';
import { tallies, type Tally } from './requests/tally.ts';
import { violation } from './sentence.ts';

export interface ErrorBudgetParams {
  /** The share of requests that must be served, in percent. */
  readonly objective: number;
  readonly path: string;
  readonly mode: ConnectionMode | null;
}

/** Over the fault and the recovery together, enough requests are served: `errorBudget({ objective: 99.9 })`. */
export function errorBudget(given: {
  /** In percent, below 100. */
  readonly objective: number;
  /** `service` (the default) is every path but the control target, taken together; else a pattern such as `nodeport-*`. */
  readonly path?: string;
  readonly mode?: ConnectionMode;
}): GuaranteeSpec {
  errorBudgetGuarantee.params({ ...given });
  return { guarantee: 'error-budget', params: { ...given } };
}

const labelOf = ({ objective, path, mode }: ErrorBudgetParams): string =>
  `error-budget(${[`${String(objective)} %`, ...(path === 'service' ? [] : [path]), ...(mode === null ? [] : [mode])].join(', ')})`;

function promiseOf({ objective, path, mode }: ErrorBudgetParams): string {
  const what = path === 'service' ? 'the service' : `the paths ${path} together`;
  const on = mode === null ? '' : ` on ${mode} connections`;
  return `${what} fail${path === 'service' ? 's' : ''} at most ${budgetOf(objective)} % of the requests${on} from the injection to the end`;
}

/** What is left to fail. Written with at most six digits: 100 - 99.9 is not 0.1 in binary. */
const budgetOf = (objective: number): number => Number((100 - objective).toPrecision(6));

function figuresOf(share: Share, objective: number): Figure[] {
  const { lower, upper, failed, doubtful, missing } = share;
  return [
    { name: 'failed requests', unit: 'percent', lower, upper, limit: budgetOf(objective) },
    { name: 'failed requests, counted', unit: 'count', lower: failed, upper: failed + doubtful + missing },
  ];
}

const detailsOf = (list: readonly Tally[]): Json =>
  list.map((one) => {
    const { sent, failed, doubtful, missing, lower, upper } = shareOf([one]);
    return { path: one.label, sent, failed, doubtful, missing, lowerPercent: lower, upperPercent: upper };
  });

function judge(history: History, params: ErrorBudgetParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const found = tallies(index, window, params);
  if ('unknown' in found) return { status: 'unknown', because: found.unknown };
  const share = shareOf(found.list);
  const budget = budgetOf(params.objective);
  const spent = `${String(Math.round((share.failed / ((share.sent * budget) / 100)) * 100))} % of the budget`;
  const measured = `${shareSentence(share)}, ${spent}`;
  const seen = { measured, figures: figuresOf(share, params.objective), details: { paths: detailsOf(found.list) } };
  if (found.flaw !== null) return { status: 'unknown', because: found.flaw, ...seen };
  if (share.lower > budget) {
    const evidence = found.list.flatMap(({ failed }) => failed.slice(0, 2)).slice(0, 5);
    return { status: 'violated', because: violation(labelOf(params), promiseOf(params), measured), evidence, ...seen };
  }
  if (share.upper > budget)
    return {
      status: 'unknown',
      because: `the error bar straddles the budget of ${String(budget)} %: ${measured}`,
      ...seen,
    };
  return { status: 'held', ...seen };
}

export const errorBudgetGuarantee: Guarantee<ErrorBudgetParams> = {
  name: 'error-budget',
  summary: 'No more requests fail from the injection to the end than an objective allows',
  params(given: Json): ErrorBudgetParams {
    const params = new Params('error-budget', given, ['objective', 'path', 'mode']);
    return {
      objective: params.between('objective', 0, 100, 'a percentage above 0 and below 100, such as 99.9'),
      path: params.text('path') ?? 'service',
      mode: params.word('mode', ['new', 'reused']),
    };
  },
  promise: promiseOf,
  judge,
};
