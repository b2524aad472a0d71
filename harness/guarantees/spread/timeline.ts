import type { StateEvent } from '../../model/history.ts';
import type { SpreadConstraint } from '../../model/objects.ts';
import { ClusterState, type SeenWorkload } from '../replay/cluster-state.ts';
import { skewOf, type Skew } from './skew.ts';

export interface SkewPoint extends Skew {
  readonly atMs: number;
  readonly event: StateEvent;
}

/** The skew of one constraint of one workload, at each change. */
export interface SkewTimeline {
  readonly workload: string;
  readonly namespace: string;
  readonly constraint: SpreadConstraint;
  readonly points: SkewPoint[];
}

const relevant = new Set(['Node', 'Pod', 'Deployment', 'StatefulSet']);

/** The timelines of all constraints of the Deployments and StatefulSets that are wanted. */
export function skewTimelines(
  events: readonly StateEvent[],
  wanted: (workload: SeenWorkload, constraint: SpreadConstraint) => boolean,
): readonly SkewTimeline[] {
  const cluster = new ClusterState();
  const timelines = new Map<string, SkewTimeline>();
  for (const event of events) {
    if (!relevant.has(event.object)) continue;
    cluster.apply(event);
    for (const workload of cluster.workloads.values()) {
      for (const constraint of workload.state.topologySpreadConstraints) {
        if (wanted(workload, constraint)) addPoint(timelines, cluster, workload, constraint, event);
      }
    }
  }
  return [...timelines.values()];
}

function addPoint(
  timelines: Map<string, SkewTimeline>,
  cluster: ClusterState,
  workload: SeenWorkload,
  constraint: SpreadConstraint,
  event: StateEvent,
): void {
  const key = `${workload.uid}/${constraint.topologyKey}/${constraint.whenUnsatisfiable}`;
  let timeline = timelines.get(key);
  if (timeline === undefined) {
    timeline = { workload: workload.name, namespace: workload.namespace, constraint, points: [] };
    timelines.set(key, timeline);
  }
  const skew = skewOf(cluster, workload, constraint);
  const last = timeline.points.at(-1);
  if (last !== undefined && sameSkew(last, skew)) return;
  timeline.points.push({ ...skew, atMs: event.atMs, event });
}

function sameSkew(a: Skew, b: Skew): boolean {
  if (a.skew !== b.skew || a.readySkew !== b.readySkew || a.placed !== b.placed) return false;
  if (a.ready !== b.ready || a.wanted !== b.wanted) return false;
  const domains = Object.keys(a.domains);
  if (domains.length !== Object.keys(b.domains).length) return false;
  return domains.every((domain) => a.domains[domain] === b.domains[domain]);
}
