import type { SpreadConstraint } from '../../model/objects.ts';
import { matches } from '../../model/selector.ts';
import { isHealthy, type ClusterState, type SeenPod, type SeenWorkload } from '../replay/cluster-state.ts';
import { domainOf, isEligible } from './eligible.ts';

/** How the pods of one constraint are spread at an instant. */
export interface Skew {
  /** The most pods of a domain less the fewest, as the scheduler counts; 0 without a domain. */
  readonly skew: number;
  /** The same, counting only pods that are Ready. */
  readonly readySkew: number;
  /** Pods on a node, for each domain. */
  readonly domains: Readonly<Record<string, number>>;
  /** Pods on a node, and of them Ready ones; and how many are wanted. */
  readonly placed: number;
  readonly ready: number;
  readonly wanted: number;
}

/** The skew of a workload's constraint now. */
export function skewOf(cluster: ClusterState, workload: SeenWorkload, constraint: SpreadConstraint): Skew {
  const { placement, replicas, topologySpreadConstraints } = workload.state;
  const hard = topologySpreadConstraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule');
  const keys = [...new Set([...hard, constraint].map(({ topologyKey }) => topologyKey))];
  const placed = new Map<string, number>();
  const ready = new Map<string, number>();
  const domains = new Map<string, string>();
  for (const [name, node] of cluster.nodes) {
    const domain = domainOf(name, node, constraint.topologyKey);
    if (domain === null || !isEligible(name, node, constraint, keys, placement)) continue;
    domains.set(name, domain);
    placed.set(domain, 0);
    ready.set(domain, 0);
  }
  let counted = 0;
  let countedReady = 0;
  for (const pod of podsOf(cluster, workload, constraint)) {
    counted += 1;
    const isReady = isHealthy(pod);
    if (isReady) countedReady += 1;
    const domain = domains.get(pod.state.node ?? '');
    if (domain === undefined) continue;
    placed.set(domain, (placed.get(domain) ?? 0) + 1);
    if (isReady) ready.set(domain, (ready.get(domain) ?? 0) + 1);
  }
  return {
    skew: spreadOf([...placed.values()], constraint.minDomains),
    readySkew: spreadOf([...ready.values()], constraint.minDomains),
    domains: Object.fromEntries([...placed].sort(([a], [b]) => (a < b ? -1 : 1))),
    placed: counted,
    ready: countedReady,
    wanted: replicas,
  };
}

/** With fewer domains than minDomains the fewest counts as 0, as if there were an empty one. */
function spreadOf(counts: readonly number[], minDomains: number | null): number {
  if (counts.length === 0) return 0;
  const least = counts.length < (minDomains ?? 1) ? 0 : Math.min(...counts);
  return Math.max(...counts) - least;
}

/** The pods that the scheduler counts: on a node, not going away, not ended, matched by selector and matchLabelKeys. */
function podsOf(cluster: ClusterState, { namespace }: SeenWorkload, constraint: SpreadConstraint): SeenPod[] {
  const pods = [...cluster.pods.values()].filter(
    ({ namespace: where, state }) => where === namespace && matches(constraint.selector, state.labels),
  );
  // Keys such as pod-template-hash tell revisions apart: the newest pod's is the one that is being placed.
  const newest = pods.at(-1)?.state.labels ?? {};
  return pods.filter(
    ({ state }) =>
      state.node !== null &&
      state.deletionTimestamp === null &&
      state.phase !== 'Succeeded' &&
      state.phase !== 'Failed' &&
      constraint.matchLabelKeys.every((key) => newest[key] === undefined || state.labels[key] === newest[key]),
  );
}
