import { alertTitle, type AlertState } from '../../model/alert.ts';
import type { NodeState, Taint } from '../../model/objects.ts';
import { skewOf } from '../spread/skew.ts';
import type { ClusterState, SeenPod, SeenWorkload } from '../replay/cluster-state.ts';

interface Replicas {
  readonly title: string;
  readonly wanted: number;
  readonly ready: number;
}

/** How everything was just before the first injection. */
export interface Baseline {
  readonly nodes: ReadonlyMap<string, Required<NodeState>>;
  readonly workloads: ReadonlyMap<string, Replicas>;
  /** By workload and constraint: the skew that the scheduler counts. */
  readonly skews: ReadonlyMap<string, number>;
  /** Pods that were pending or going away already. */
  readonly unsettled: ReadonlySet<string>;
  /** The alerts that fired already, as far as they were watched. */
  readonly alerts: ReadonlySet<string>;
}

export function baselineOf(cluster: ClusterState): Baseline {
  const unsettled = [...cluster.pods.values()].filter((pod) => unsettledState(pod) !== null);
  return {
    nodes: new Map(cluster.nodes),
    workloads: workloadsOf(cluster),
    skews: skewsOf(cluster),
    unsettled: new Set(unsettled.map(({ uid }) => uid)),
    alerts: new Set(cluster.alerts.keys()),
  };
}

/** What is missing of a pod's peace, in words; null when it runs or has ended. */
function unsettledState({ state }: SeenPod): string | null {
  if (state.deletionTimestamp !== null) return 'Terminating';
  return state.phase === 'Pending' ? 'Pending' : null;
}

/** ReplicaSets of a Deployment come and go with its revisions: the Deployment speaks for them. */
const isTop = ({ kind, state }: SeenWorkload): boolean => kind !== 'ReplicaSet' || state.ownerKind === '';

function workloadsOf(cluster: ClusterState): ReadonlyMap<string, Replicas> {
  const found = new Map<string, Replicas>();
  for (const workload of cluster.workloads.values()) {
    if (!isTop(workload)) continue;
    const { kind, namespace, name, state } = workload;
    const title = `${kind} ${namespace}/${name}`;
    found.set(title, { title, wanted: state.replicas, ready: state.ready });
  }
  return found;
}

function skewsOf(cluster: ClusterState): ReadonlyMap<string, number> {
  const skews = new Map<string, number>();
  for (const workload of cluster.workloads.values()) {
    // Only what places pods over time: a ReplicaSet has its Deployment's constraints.
    if (!isTop(workload) || workload.kind === 'DaemonSet') continue;
    for (const constraint of workload.state.topologySpreadConstraints) {
      const name = `${workload.kind} ${workload.namespace}/${workload.name} over ${constraint.topologyKey}`;
      skews.set(name, skewOf(cluster, workload, constraint).skew);
    }
  }
  return skews;
}

/** All that is not as it was, each in words, in a fixed order; what is better than before is as good as before. */
export function notBack(before: Baseline, cluster: ClusterState): readonly string[] {
  return [
    ...nodesNotBack(before, cluster),
    ...replicasNotBack(before, cluster),
    ...podsNotBack(before, cluster),
    ...spreadNotBack(before, cluster),
    ...alertsNotBack(before, cluster),
  ];
}

function* nodesNotBack(before: Baseline, { nodes }: ClusterState): Generator<string> {
  for (const [name, was] of before.nodes) {
    const node = nodes.get(name);
    if (node === undefined) {
      yield `node ${name} is gone`;
      continue;
    }
    if (was.ready === 'True' && node.ready !== 'True') yield `node ${name} is not Ready (${node.reason})`;
    if (node.unschedulable && !was.unschedulable) yield `node ${name} is cordoned`;
    for (const taint of node.taints)
      if (!was.taints.some((one) => sameTaint(one, taint)) && !isCordon(taint))
        yield `node ${name} has the taint ${taint.key}:${taint.effect}`;
  }
}

const sameTaint = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect && a.value === b.value;

/** A cordon brings this taint with it: it is named once. */
const isCordon = ({ key }: Taint): boolean => key === 'node.kubernetes.io/unschedulable';

function* replicasNotBack(before: Baseline, cluster: ClusterState): Generator<string> {
  const now = workloadsOf(cluster);
  for (const [title, was] of before.workloads) {
    const is = now.get(title);
    if (is === undefined) yield `${title} is gone`;
    else if (is.wanted !== was.wanted)
      yield `${title} wants ${String(is.wanted)} replicas, before ${String(was.wanted)}`;
    else if (is.ready < was.ready) yield `${title} has ${String(is.ready)} ready replicas, before ${String(was.ready)}`;
  }
}

function* podsNotBack({ unsettled }: Baseline, { pods }: ClusterState): Generator<string> {
  for (const pod of pods.values()) {
    const state = unsettledState(pod);
    if (state === null || unsettled.has(pod.uid)) continue;
    yield `pod ${pod.namespace}/${pod.name} is ${state}${pod.state.node === null ? '' : ` on ${pod.state.node}`}`;
  }
}

function* spreadNotBack(before: Baseline, cluster: ClusterState): Generator<string> {
  const now = skewsOf(cluster);
  for (const [name, was] of before.skews) {
    const is = now.get(name) ?? 0;
    if (is > was) yield `${name} has skew ${String(is)}, before ${String(was)}`;
  }
}

/** What a verdict calls an alert that was not there before. */
export const alertText = (labels: AlertState['labels']): string => `the alert ${alertTitle(labels)} fires`;

function* alertsNotBack(before: Baseline, { alerts }: ClusterState): Generator<string> {
  for (const [uid, { labels }] of alerts) if (!before.alerts.has(uid)) yield alertText(labels);
}
