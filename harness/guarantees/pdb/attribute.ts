import type { PodState } from '../../model/objects.ts';
import type { SeenPod } from '../replay/cluster-state.ts';
import type { Cause } from './causes.ts';
import type { NodeTrouble } from './node-trouble.ts';
import type { ScaleDowns } from './scale-downs.ts';

export interface Clues {
  readonly nodes: NodeTrouble;
  readonly scaleDowns: ScaleDowns;
  /** Whether the watch of pods was blind at that time. */
  readonly blindAt: (atMs: number) => boolean;
}

/**
 * What took a ready pod away at that time. The API server and the controllers name most causes themselves in the
 * condition DisruptionTarget (kubernetes.io/docs/concepts/workloads/pods/disruptions, "Pod disruption conditions").
 * @param before the pod while it was healthy
 * @param after as it was seen first when it no longer was, or last before it vanished
 */
export function attribute(
  before: SeenPod,
  after: Required<PodState>,
  atMs: number,
  vanished: boolean,
  clues: Clues,
): Cause {
  const nodeLost = clues.nodes.at(after.node ?? before.state.node, atMs);
  switch (after.disruption) {
    case 'EvictionByEvictionAPI':
      return 'eviction';
    case 'PreemptionByScheduler':
      return 'preemption';
    case 'DeletionByTaintManager':
      return nodeLost ? 'node-loss' : 'taint';
    case 'DeletionByPodGC':
      return 'node-loss';
    case 'TerminationByKubelet':
      return 'node-pressure';
    default:
      break;
  }
  if (after.phase === 'Succeeded') return 'ended';
  if (vanished || after.deletionTimestamp !== null) {
    if (clues.scaleDowns.take(before.namespace, after.ownerKind, after.ownerName, atMs)) return 'rollout';
    // A list after a break shows only that the pod is gone, not how it went.
    return after.deletionTimestamp === null && clues.blindAt(atMs) ? 'unseen' : 'delete';
  }
  if (nodeLost) return 'node-loss';
  if (after.phase !== 'Failed' && after.restarts === before.state.restarts && !stopped(before.state, after))
    return 'not-ready';
  return after.terminated === 'OOMKilled' ? 'oom' : 'crash';
}

/** Whether a container that ran does not run any more: its end is told before its next start is counted. */
function stopped(before: Required<PodState>, after: Required<PodState>): boolean {
  const ran = new Set(before.containers.filter(({ state }) => state === 'running').map(({ name }) => name));
  return after.containers.some(({ name, state }) => state !== 'running' && ran.has(name));
}
