import type { Duration } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Verdict } from '../model/verdict.ts';
import { judgeCapacity } from './capacity/judge-capacity.ts';
import { measureCapacity } from './capacity/measure-capacity.ts';
import { faultWindow } from './fault-window.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { spaced } from './sentence.ts';

export interface CapacityRtoParams {
  readonly under: { readonly text: string; readonly ms: number };
  readonly share: { readonly text: string; readonly percent: number };
  /** `service`, every path but the control target, or a pattern of path names. */
  readonly path: string;
  /** A pattern of workload names; null for those whose pods answer on the paths. */
  readonly workload: string | null;
  readonly sustain: { readonly text: string; readonly ms: number };
  readonly spacing: { readonly text: string; readonly ms: number };
}

/** The full capacity is back in time: `capacityRto({ under: '60s' })`. */
export function capacityRto(given: {
  readonly under: Duration;
  /** Of the steady number of ready pods and of the steady share of good answers; 90% by default. */
  readonly share?: string;
  /** `service` (the default) is every path but the control target; else a pattern such as `nodeport-*`. */
  readonly path?: string;
  /** A pattern of the workloads behind the service; by default those whose pods answered before the fault. */
  readonly workload?: string;
  /** How long it must stay back; 5s by default. */
  readonly sustain?: Duration;
  /** How close together the samples must lie; 50ms by default. */
  readonly spacing?: Duration;
}): GuaranteeSpec {
  capacityRtoGuarantee.params({ ...given });
  return { guarantee: 'capacity-rto', params: { ...given } };
}

const fields = ['under', 'share', 'path', 'workload', 'sustain', 'spacing'] as const;

const labelOf = ({ under, share, path, workload }: CapacityRtoParams): string =>
  `capacity-rto(${[under.text, share.text, ...(path === 'service' ? [] : [path]), ...(workload === null ? [] : [workload])].join(', ')})`;

function promiseOf({ under, share, path, workload, sustain }: CapacityRtoParams): string {
  const pods = workload === null ? 'the ready pods behind the service' : `the ready pods of ${workload}`;
  const answers = path === 'service' ? 'the good answers on each path' : `the good answers on each path ${path}`;
  return `within ${spaced(under.text)} of the first loss, ${pods} and ${answers} are back at ${spaced(share.text)} of what they were before the fault, and stay so for ${spaced(sustain.text)}`;
}

function judge(history: History, params: CapacityRtoParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const capacity = measureCapacity(index, window, params);
  if ('unknown' in capacity) return { status: 'unknown', because: capacity.unknown };
  return judgeCapacity(capacity, params, { label: labelOf(params), promise: promiseOf(params) });
}

export const capacityRtoGuarantee: Guarantee<CapacityRtoParams> = {
  name: 'capacity-rto',
  summary: 'Ready pods and good answers are back at their steady number within a stated time of the first loss',
  params(given: Json): CapacityRtoParams {
    const params = new Params('capacity-rto', given, fields);
    return {
      under: params.duration('under'),
      share: params.percentage('share', '90%'),
      path: params.text('path') ?? 'service',
      workload: params.text('workload'),
      sustain: params.duration('sustain', '5s'),
      spacing: params.duration('spacing', '50ms'),
    };
  },
  promise: promiseOf,
  judge,
};
