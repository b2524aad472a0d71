import type { EndpointState } from '../../model/endpoint-objects.ts';
import type { SeenPod, SeenSlice } from '../replay/cluster-state.ts';

/** Finds what belongs together: the pods of a node, the pod of a name, the endpoints of a pod. */
export class PodIndex {
  readonly #names = new Map<string, string>();
  readonly #byNode = new Map<string, Set<string>>();
  /** By the pod's uid: each slice that names it, with what it says. */
  readonly #endpoints = new Map<string, Map<string, EndpointState>>();
  /** By slice: the uids of the pods that it names. */
  readonly #named = new Map<string, ReadonlySet<string>>();

  podsOn(node: string): readonly string[] {
    return [...(this.#byNode.get(node) ?? [])];
  }

  endpointsOf(uid: string): ReadonlyMap<string, EndpointState> {
    return this.#endpoints.get(uid) ?? new Map<string, EndpointState>();
  }

  putPod({ uid, namespace, name, state }: SeenPod, before: SeenPod | undefined): void {
    this.#names.set(`${namespace}/${name}`, uid);
    if (before !== undefined && before.state.node !== state.node)
      this.#byNode.get(before.state.node ?? '')?.delete(uid);
    if (state.node === null) return;
    const pods = this.#byNode.get(state.node) ?? new Set<string>();
    this.#byNode.set(state.node, pods);
    pods.add(uid);
  }

  removePod({ uid, state }: SeenPod): void {
    this.#byNode.get(state.node ?? '')?.delete(uid);
  }

  /** Puts a slice in the place of what it was; returns the uids of all pods that the one or the other names. */
  putSlice(slice: SeenSlice): ReadonlySet<string> {
    const touched = this.removeSlice(slice.uid);
    const named = new Set<string>();
    for (const endpoint of slice.state.endpoints) {
      const uid = this.#podOf(slice.namespace, endpoint);
      if (uid === null) continue;
      const slices = this.#endpoints.get(uid) ?? new Map<string, EndpointState>();
      this.#endpoints.set(uid, slices);
      slices.set(slice.uid, endpoint);
      named.add(uid);
    }
    this.#named.set(slice.uid, named);
    return new Set([...touched, ...named]);
  }

  /** Forgets a slice; returns the uids of all pods that it named. */
  removeSlice(sliceUid: string): ReadonlySet<string> {
    const named = this.#named.get(sliceUid) ?? new Set<string>();
    this.#named.delete(sliceUid);
    for (const uid of named) {
      const slices = this.#endpoints.get(uid);
      slices?.delete(sliceUid);
      if (slices?.size === 0) this.#endpoints.delete(uid);
    }
    return named;
  }

  /** By its uid, or by its name where the slice says no more; null for an endpoint that is no pod known here. */
  #podOf(namespace: string, { uid, pod }: EndpointState): string | null {
    return uid ?? this.#names.get(`${namespace}/${pod}`) ?? null;
  }
}
