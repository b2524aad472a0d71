import type { Json } from './json.ts';
import {
  array,
  asObject,
  boolean,
  labels,
  number,
  optionalText,
  selector,
  selectorOrNull,
  text,
} from './object-fields.ts';
import type { Selector } from './selector.ts';

/**
 * The `value` of a StateEvent for each kind of object: what the recorder writes and the judges read. Services and their endpoints
 * are in endpoint-objects.ts. Fields marked optional may be left out by a recorder; the readers complete them.
 */
export interface Taint {
  readonly key: string;
  readonly effect: string;
  readonly value?: string;
}

export interface NodeState {
  /** The value of topology.kubernetes.io/zone, or null. */
  readonly zone: string | null;
  /** The status of the condition Ready; `Unknown` when there is none. */
  readonly ready: 'True' | 'False' | 'Unknown';
  /** The reason of that condition: `KubeletReady`, `NodeStatusUnknown` ... */
  readonly reason: string;
  readonly taints: readonly Taint[];
  readonly unschedulable: boolean;
  /** All labels, for topology keys and node selectors. Without them only the zone and the node's name are known. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** Where pods may run: what decides which nodes count as domains of a spread constraint. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** requiredDuringScheduling node selector terms, ORed; empty when there are none. */
  readonly nodeTerms: readonly Selector[];
  readonly tolerations: readonly Toleration[];
}

export interface PodState {
  /** Null until it is scheduled. */
  readonly node: string | null;
  readonly phase: string;
  /** Whether the condition Ready is True. */
  readonly ready: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** The controlling owner; empty strings when there is none. */
  readonly ownerKind: string;
  readonly ownerName: string;
  /** RFC 3339, or null. */
  readonly deletionTimestamp: string | null;
  /** The reason of the condition DisruptionTarget when it is True: `EvictionByEvictionAPI` ..., or null. */
  readonly disruption: string | null;
  /** The sum of the containers' restart counts. */
  readonly restarts: number;
  /** Optional: the reason of the newest container termination (`OOMKilled`, `Error`, `Completed`), or null. */
  readonly terminated?: string | null;
  /** Optional: its containers as its kubelet told of them last, those of its start included. */
  readonly containers?: readonly ContainerState[];
}

export interface ContainerState {
  readonly name: string;
  readonly restarts: number;
  readonly state: 'waiting' | 'running' | 'terminated';
}

export interface BudgetState {
  /** Null matches nothing and an empty one everything, as in policy/v1. */
  readonly selector: Selector | null;
  /** A number, a percentage such as `50%`, or null. */
  readonly minAvailable: number | string | null;
  readonly maxUnavailable: number | string | null;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
}

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  /** Null matches nothing. */
  readonly selector: Selector | null;
  /** Null means 1. */
  readonly minDomains: number | null;
  readonly nodeAffinityPolicy: 'Honor' | 'Ignore';
  readonly nodeTaintsPolicy: 'Honor' | 'Ignore';
  readonly matchLabelKeys: readonly string[];
}

/** A Deployment, StatefulSet, ReplicaSet or DaemonSet. */
export interface WorkloadState {
  /** Wanted (spec). */
  readonly replicas: number;
  readonly ready: number;
  readonly updated: number;
  readonly selector: Selector | null;
  readonly topologySpreadConstraints: readonly SpreadConstraint[];
  /** Where its pods may run; optional. */
  readonly placement?: Placement;
  /** The owner of a ReplicaSet: its Deployment; empty strings when there is none; optional. */
  readonly ownerKind?: string;
  readonly ownerName?: string;
}

export interface LeaseState {
  readonly holder: string;
  /** RFC 3339 with microseconds, or null. */
  readonly renewTime: string | null;
  readonly transitions: number;
  /** Optional: when the holder took it, as renewTime. */
  readonly acquireTime?: string | null;
  /** Optional: how long the holder may be silent; null when the lease does not say. */
  readonly durationSeconds?: number | null;
}

/** @throws HarnessError `history` naming the field, as all readers here do */
export function readNode(value: Json): Required<NodeState> {
  const node = asObject(value, 'Node');
  const ready = text(node, 'ready', 'Node');
  return {
    zone: optionalText(node, 'zone'),
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    reason: optionalText(node, 'reason') ?? '',
    taints: array(node, 'taints').map((item) => {
      const taint = asObject(item, 'Node.taints');
      const value = optionalText(taint, 'value');
      return {
        key: text(taint, 'key', 'Node.taints'),
        effect: text(taint, 'effect', 'Node.taints'),
        ...(value === null ? {} : { value }),
      };
    }),
    unschedulable: boolean(node, 'unschedulable'),
    labels: labels(node['labels']),
  };
}

export function readPod(value: Json): Required<PodState> {
  const pod = asObject(value, 'Pod');
  return {
    node: optionalText(pod, 'node'),
    phase: optionalText(pod, 'phase') ?? 'Unknown',
    ready: boolean(pod, 'ready'),
    labels: labels(pod['labels']),
    ownerKind: optionalText(pod, 'ownerKind') ?? '',
    ownerName: optionalText(pod, 'ownerName') ?? '',
    deletionTimestamp: optionalText(pod, 'deletionTimestamp'),
    disruption: optionalText(pod, 'disruption'),
    restarts: number(pod, 'restarts', 'Pod'),
    terminated: optionalText(pod, 'terminated'),
    containers: array(pod, 'containers').map(readContainer),
  };
}

function readContainer(item: Json): ContainerState {
  const container = asObject(item, 'Pod.containers');
  const state = container['state'];
  return {
    name: text(container, 'name', 'Pod.containers'),
    restarts: number(container, 'restarts', 'Pod.containers'),
    state: state === 'running' || state === 'terminated' ? state : 'waiting',
  };
}

const portion = (value: Json | undefined): number | string | null =>
  typeof value === 'number' || typeof value === 'string' ? value : null;

export function readBudget(value: Json): BudgetState {
  const budget = asObject(value, 'PodDisruptionBudget');
  const count = (key: string): number => number(budget, key, 'PodDisruptionBudget');
  return {
    selector: selectorOrNull(budget['selector']),
    minAvailable: portion(budget['minAvailable']),
    maxUnavailable: portion(budget['maxUnavailable']),
    disruptionsAllowed: count('disruptionsAllowed'),
    currentHealthy: count('currentHealthy'),
    desiredHealthy: count('desiredHealthy'),
    expectedPods: count('expectedPods'),
  };
}

function readConstraint(value: Json): SpreadConstraint {
  const constraint = asObject(value, 'topologySpreadConstraints');
  const minDomains = constraint['minDomains'];
  return {
    maxSkew: number(constraint, 'maxSkew', 'topologySpreadConstraints'),
    topologyKey: text(constraint, 'topologyKey', 'topologySpreadConstraints'),
    whenUnsatisfiable: optionalText(constraint, 'whenUnsatisfiable') ?? 'DoNotSchedule',
    // The API calls it labelSelector; both names are read.
    selector: selectorOrNull(constraint['selector'] ?? constraint['labelSelector']),
    minDomains: typeof minDomains === 'number' ? minDomains : null,
    nodeAffinityPolicy: constraint['nodeAffinityPolicy'] === 'Ignore' ? 'Ignore' : 'Honor',
    nodeTaintsPolicy: constraint['nodeTaintsPolicy'] === 'Honor' ? 'Honor' : 'Ignore',
    matchLabelKeys: array(constraint, 'matchLabelKeys').map(String),
  };
}

function readPlacement(value: Json | undefined): Placement {
  if (value === undefined || value === null) return { nodeSelector: {}, nodeTerms: [], tolerations: [] };
  const placement = asObject(value, 'placement');
  return {
    nodeSelector: labels(placement['nodeSelector']),
    nodeTerms: array(placement, 'nodeTerms').map(selector),
    tolerations: array(placement, 'tolerations').map((item) => asObject(item, 'tolerations') as Toleration),
  };
}

export function readWorkload(value: Json): Required<WorkloadState> {
  const workload = asObject(value, 'workload');
  const count = (key: string): number => number(workload, key, 'workload');
  return {
    replicas: count('replicas'),
    ready: count('ready'),
    updated: count('updated'),
    selector: selectorOrNull(workload['selector']),
    topologySpreadConstraints: array(workload, 'topologySpreadConstraints').map(readConstraint),
    placement: readPlacement(workload['placement']),
    ownerKind: optionalText(workload, 'ownerKind') ?? '',
    ownerName: optionalText(workload, 'ownerName') ?? '',
  };
}

export function readLease(value: Json): Required<LeaseState> {
  const lease = asObject(value, 'Lease');
  const durationSeconds = lease['durationSeconds'];
  return {
    holder: optionalText(lease, 'holder') ?? '',
    renewTime: optionalText(lease, 'renewTime'),
    transitions: number(lease, 'transitions', 'Lease'),
    acquireTime: optionalText(lease, 'acquireTime'),
    durationSeconds: typeof durationSeconds === 'number' ? durationSeconds : null,
  };
}
