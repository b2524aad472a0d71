import { readAlert, type AlertState } from '../../model/alert.ts';
import type { StateEvent } from '../../model/history.ts';
import {
  readEndpointSlice,
  readService,
  type EndpointSliceState,
  type ServiceState,
} from '../../model/endpoint-objects.ts';
import {
  readBudget,
  readNode,
  readPod,
  readWorkload,
  type BudgetState,
  type NodeState,
  type PodState,
  type WorkloadState,
} from '../../model/objects.ts';

/** An object as it was last seen. */
export interface Seen<T> {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: T;
}

export type SeenPod = Seen<Required<PodState>>;
export type SeenService = Seen<ServiceState>;
export type SeenSlice = Seen<EndpointSliceState>;
export type SeenWorkload = Seen<Required<WorkloadState>> & { readonly kind: string };

const workloadKinds = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet']);

/** The state of the cluster at an instant, rebuilt from the events of the watches. */
export class ClusterState {
  /** By name: a node that comes back is the same node. */
  readonly nodes = new Map<string, Required<NodeState>>();
  /** By uid, as the others: a pod that comes back under its name is another pod. */
  readonly pods = new Map<string, SeenPod>();
  readonly budgets = new Map<string, Seen<BudgetState>>();
  readonly workloads = new Map<string, SeenWorkload>();
  readonly services = new Map<string, SeenService>();
  readonly slices = new Map<string, SeenSlice>();
  /** Those that fire. */
  readonly alerts = new Map<string, AlertState>();

  /** Takes the next event. @throws HarnessError `history` when its value has not the recorded shape */
  apply({ object, change, uid, namespace, name, value }: StateEvent): void {
    const gone = change === 'deleted';
    if (object === 'Node') put(this.nodes, name, gone ? null : readNode(value));
    else if (object === 'Pod') put(this.pods, uid, gone ? null : { uid, namespace, name, state: readPod(value) });
    else if (object === 'PodDisruptionBudget')
      put(this.budgets, uid, gone ? null : { uid, namespace, name, state: readBudget(value) });
    else if (object === 'Service')
      put(this.services, uid, gone ? null : { uid, namespace, name, state: readService(value) });
    else if (object === 'EndpointSlice')
      put(this.slices, uid, gone ? null : { uid, namespace, name, state: readEndpointSlice(value) });
    else if (object === 'Alert') put(this.alerts, uid, gone ? null : readAlert(value));
    else if (workloadKinds.has(object))
      put(this.workloads, uid, gone ? null : { uid, namespace, name, kind: object, state: readWorkload(value) });
  }
}

function put<T>(map: Map<string, T>, key: string, value: T | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

/** Whether a pod has come to its end: no container of it runs, and none will again. */
export const hasEnded = ({ phase }: Pick<PodState, 'phase'>): boolean => phase === 'Succeeded' || phase === 'Failed';

/** Whether a pod counts as healthy for a budget: Ready and not going away, as the disruption controller counts. */
export const isHealthy = ({ state }: SeenPod): boolean =>
  state.ready && state.deletionTimestamp === null && !hasEnded(state);
