import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { countRestarts, type Restarts, type RestartsOf } from './restarts/count.ts';
import { unseenIn } from './restarts/unseen.ts';
import { count, few, violation } from './sentence.ts';

export interface RestartParams {
  readonly restarts: number;
  readonly per: RestartsOf;
}

/** No pod's containers are started again more than so often: `noRestartStorm({ restarts: 3 })`. */
export function noRestartStorm(given: { readonly restarts?: number; readonly per?: RestartsOf } = {}): GuaranteeSpec {
  noRestartStormGuarantee.params({ ...given });
  return { guarantee: 'no-restart-storm', params: { ...given } };
}

const labelOf = ({ restarts, per }: RestartParams): string => `no-restart-storm(${String(restarts)} per ${per})`;

const whose = {
  container: 'no container is',
  pod: 'the containers of no pod are',
  workload: 'the containers of no workload are',
};

const promiseOf = ({ restarts, per }: RestartParams): string =>
  `${whose[per]} started again more than ${count(restarts, 'time')} from the first injection to the end of the recording`;

function sentenceOf({ name, namespace, restarts, sure, reason, node, ...last }: Restarts, faultMs: number): string {
  const where = node === null ? '' : ` on ${node}`;
  const why = reason === null ? '' : `, ended last by ${reason}`;
  return `${namespace}/${name} ${count(restarts, 'restart')}${where}, ${lastOf(last, faultMs)}${why}${beforeIt(restarts - sure)}`;
}

/** When the last restart was: in a blind time of the watch nobody knows better. */
function lastOf({ lastFromMs, lastMs }: Pick<Restarts, 'lastFromMs' | 'lastMs'>, faultMs: number): string {
  const seen = formatMs(lastMs - faultMs);
  if (lastFromMs === lastMs) return `the last one seen ${seen} after the injection`;
  const from = lastFromMs < faultMs ? 'some time before' : formatMs(lastFromMs - faultMs);
  return `the last one between ${from} and ${seen} after the injection`;
}

const beforeIt = (doubtful: number): string =>
  doubtful === 0 ? '' : `; ${String(doubtful)} of them may have been before the injection`;

const mostListed = 200;

const detailsOf = (restarted: readonly Restarts[]): Json => ({
  restarted: restarted.slice(0, mostListed).map((one) => {
    const { name, namespace, restarts, sure, reason, node, lastFromMs, lastMs } = one;
    // Where nothing was blind, there is nothing to say of it.
    const blind = lastFromMs === lastMs && sure === restarts ? {} : { sure, lastFromMs };
    return { name, namespace, restarts, reason, node, lastMs, ...blind };
  }),
  restartedInAll: restarted.length,
});

function judge(history: History, params: RestartParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const gaps = recorderGaps(index, ['Pod'], window.startMs, Infinity);
  const counted = countRestarts(index.states, window.startMs, params.per, gaps);
  if (counted.length === 0) return { status: 'unknown', because: 'no pod was recorded' };
  const restarted = counted.filter(({ restarts }) => restarts > 0).sort((a, b) => b.restarts - a.restarts);
  const told = (some: readonly Restarts[]): string => few(some.map((one) => sentenceOf(one, window.startMs)));
  const { figures, total } = figuresOf(restarted, params);
  const measured = `${count(total, 'restart')} of ${count(counted.length, params.per)}${restarted.length === 0 ? '' : `: ${told(restarted)}`}`;
  const seen = { measured, figures, details: detailsOf(restarted) };
  const storms = restarted.filter(({ sure }) => sure > params.restarts);
  if (storms.length > 0) {
    const because = violation(labelOf(params), promiseOf(params), told(storms));
    return { status: 'violated', because, ...seen, evidence: storms.flatMap(({ events }) => events).slice(0, 5) };
  }
  for (const gap of gaps) {
    const open = unseenIn(gap, index);
    if (open !== null) return { status: 'unknown', because: `${gapSentence(gap, window.startMs)}; ${open}`, ...seen };
  }
  const doubtful = restarted.filter(({ restarts }) => restarts > params.restarts);
  if (doubtful.length > 0)
    return { status: 'unknown', because: `the watch was blind when the injection began: ${told(doubtful)}`, ...seen };
  return { status: 'held', ...seen };
}

/** The worst and the sum; what may have been before the fault is their error bar. */
function figuresOf(
  restarted: readonly Restarts[],
  { restarts: limit, per }: RestartParams,
): { readonly figures: readonly Figure[]; readonly total: number } {
  const most = (of: (one: Restarts) => number): number => Math.max(0, ...restarted.map(of));
  const total = (of: (one: Restarts) => number): number => restarted.reduce((sum, one) => sum + of(one), 0);
  const sure = ({ sure: own }: Restarts): number => own;
  const all = ({ restarts }: Restarts): number => restarts;
  const figures: Figure[] = [
    { name: `most restarts of a ${per}`, unit: 'count', lower: most(sure), upper: most(all), limit },
    { name: 'restarts', unit: 'count', lower: total(sure), upper: total(all) },
  ];
  return { figures, total: total(all) };
}

export const noRestartStormGuarantee: Guarantee<RestartParams> = {
  name: 'no-restart-storm',
  summary: 'No container, pod or workload is started again more than so often from the fault on',
  params(given: Json): RestartParams {
    const params = new Params('no-restart-storm', given, ['restarts', 'per']);
    return {
      restarts: params.count('restarts', 0) ?? 3,
      per: params.word('per', ['container', 'pod', 'workload']) ?? 'pod',
    };
  },
  promise: promiseOf,
  judge,
};
