import { matches } from '../../model/selector.ts';
import { hasEnded, type ClusterState, type SeenPod, type SeenService } from '../replay/cluster-state.ts';

/** What the endpoints of a pod should say of it now, by the rules of the EndpointSlice API, and why. */
export interface Wanted {
  readonly ready: boolean;
  /** As ready, but a pod that is going away serves for as long as it is Ready. */
  readonly serving: boolean;
  /** `is not Ready`, `is being deleted`, ...; `is Ready` for one that should be there. */
  readonly because: string;
}

const none = (because: string): Wanted => ({ ready: false, serving: false, because });

export const gone: Wanted = none('was removed');

/** @param seenNodes all nodes that there ever were: one that was never seen is taken to be well */
export function wantedOf({ state }: SeenPod, cluster: ClusterState, seenNodes: ReadonlySet<string>): Wanted {
  if (hasEnded(state)) return none('ended');
  if (state.node !== null && seenNodes.has(state.node)) {
    const node = cluster.nodes.get(state.node);
    if (node === undefined) return none(`lost its node ${state.node}`);
    if (node.ready !== 'True') return none(`is on ${state.node}, which is not Ready`);
  }
  if (!state.ready) return none('is not Ready');
  if (state.deletionTimestamp !== null) return { ready: false, serving: true, because: 'is being deleted' };
  return { ready: true, serving: true, because: 'is Ready' };
}

/** A service that publishes pods that are not Ready wants every pod that has not ended. */
export function wantedBy(service: SeenService | undefined, pod: SeenPod | undefined, wanted: Wanted): Wanted {
  if (service?.state.publishNotReady !== true || pod === undefined || hasEnded(pod.state)) return wanted;
  return { ready: true, serving: true, because: 'is published whether Ready or not' };
}

export const selects = ({ namespace, state }: SeenService, pod: SeenPod): boolean =>
  state.selector !== null &&
  pod.namespace === namespace &&
  matches({ matchLabels: state.selector, matchExpressions: [] }, pod.state.labels);
