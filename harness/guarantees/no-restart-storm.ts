import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { countFigure } from './figures.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { countRestarts, type Restarts, type RestartsOf } from './restarts/count.ts';
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

function sentenceOf({ name, namespace, restarts, reason, node, lastMs }: Restarts, faultMs: number): string {
  const where = node === null ? '' : ` on ${node}`;
  const why = reason === null ? '' : `, ended last by ${reason}`;
  return `${namespace}/${name} ${count(restarts, 'restart')}${where}, the last one seen ${formatMs(lastMs - faultMs)} after the injection${why}`;
}

const mostListed = 200;

const detailsOf = (restarted: readonly Restarts[]): Json => ({
  restarted: restarted.slice(0, mostListed).map(({ name, namespace, restarts, reason, node, lastMs }) => {
    return { name, namespace, restarts, reason, node, lastMs };
  }),
  restartedInAll: restarted.length,
});

function judge(history: History, params: RestartParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const counted = countRestarts(index.states, window.startMs, params.per);
  if (counted.length === 0) return { status: 'unknown', because: 'no pod was recorded' };
  const restarted = counted.filter(({ restarts }) => restarts > 0).sort((a, b) => b.restarts - a.restarts);
  const total = restarted.reduce((sum, { restarts }) => sum + restarts, 0);
  const worst = restarted[0]?.restarts ?? 0;
  const sentences = few(restarted.map((one) => sentenceOf(one, window.startMs)));
  const measured = `${count(total, 'restart')} of ${count(counted.length, params.per)}${sentences === '' ? '' : `: ${sentences}`}`;
  const figures = [
    countFigure(`most restarts of a ${params.per}`, worst, params.restarts),
    countFigure('restarts', total),
  ];
  const details = detailsOf(restarted);
  const storms = restarted.filter(({ restarts }) => restarts > params.restarts);
  if (storms.length > 0) {
    const because = violation(
      labelOf(params),
      promiseOf(params),
      few(storms.map((one) => sentenceOf(one, window.startMs))),
    );
    return {
      status: 'violated',
      because,
      measured,
      figures,
      details,
      evidence: storms.flatMap(({ events }) => events).slice(0, 5),
    };
  }
  const [gap] = recorderGaps(index, ['Pod'], window.startMs, Infinity);
  if (gap !== undefined)
    return { status: 'unknown', because: gapSentence(gap, window.startMs), measured, figures, details };
  return { status: 'held', measured, figures, details };
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
