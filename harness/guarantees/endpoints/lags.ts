import type { StateEvent } from '../../model/history.ts';
import { readNode } from '../../model/objects.ts';
import { ClusterState, type SeenPod, type SeenService } from '../replay/cluster-state.ts';
import { PodIndex } from './pod-index.ts';
import { gone, selects, wantedBy, wantedOf, type Wanted } from './wanted.ts';

/** A time in which an endpoint did not say what its pod had become. */
export interface Lag {
  /** `withdrawal`: it was still ready or serving; `appearance`: it was not there yet, or not ready. */
  readonly what: 'withdrawal' | 'appearance';
  readonly namespace: string;
  readonly service: string;
  readonly pod: string;
  /** The slice that kept it; null for an endpoint that was nowhere. */
  readonly slice: string | null;
  readonly because: string;
  readonly startMs: number;
  /** When it was mended, or the pod changed back; null when it never was. */
  endMs: number | null;
  /** What it began with. */
  readonly event: StateEvent;
}

export interface EndpointLags {
  readonly services: number;
  readonly slices: number;
  /** How often a pod of a service turned ready for it, or ceased to be, from the fault on. */
  readonly changes: number;
  /** All that was open at some time from the fault on. */
  readonly lags: readonly Lag[];
}

const relevant = new Set(['Pod', 'Node', 'Service', 'EndpointSlice']);

/** Replays the watches and notes each time in which endpoints and pods disagreed. */
export function endpointLags(events: readonly StateEvent[], fromMs: number): EndpointLags {
  const tracker = new LagTracker(fromMs);
  for (const event of events) if (relevant.has(event.object)) tracker.take(event);
  return tracker.result();
}

class LagTracker {
  readonly #fromMs: number;
  readonly #cluster = new ClusterState();
  readonly #index = new PodIndex();
  readonly #seenNodes = new Set<string>();
  readonly #seenServices = new Set<string>();
  readonly #seenSlices = new Set<string>();
  /** Names of pods that are gone: what still names them is late. */
  readonly #gone = new Map<string, string>();
  /** By pod and by slice or service. */
  readonly #open = new Map<string, Map<string, Lag>>();
  readonly #ready = new Map<string, boolean>();
  readonly #lags: Lag[] = [];
  #changes = 0;

  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  take(event: StateEvent): void {
    for (const uid of this.#touchedBy(event)) this.#look(uid, event);
  }

  result(): EndpointLags {
    const open = [...this.#open.values()].flatMap((lags) => [...lags.values()]);
    return {
      services: this.#seenServices.size,
      slices: this.#seenSlices.size,
      changes: this.#changes,
      lags: [...this.#lags, ...open].sort((a, b) => a.startMs - b.startMs),
    };
  }

  /** Applies the event; the uids of the pods whose endpoints must be looked at. */
  #touchedBy(event: StateEvent): Iterable<string> {
    const { object, uid, name, change } = event;
    const pod = this.#cluster.pods.get(uid);
    const wasReady = this.#cluster.nodes.get(name)?.ready === 'True';
    this.#cluster.apply(event);
    switch (object) {
      case 'Pod':
        this.#movePod(uid, pod);
        return [uid];
      case 'Node':
        this.#seenNodes.add(name);
        return wasReady === (change !== 'deleted' && readNode(event.value).ready === 'True')
          ? []
          : this.#index.podsOn(name);
      case 'EndpointSlice': {
        this.#seenSlices.add(uid);
        const slice = this.#cluster.slices.get(uid);
        return slice === undefined ? this.#index.removeSlice(uid) : this.#index.putSlice(slice);
      }
      default:
        this.#seenServices.add(uid);
        return this.#cluster.pods.keys();
    }
  }

  #movePod(uid: string, before: SeenPod | undefined): void {
    const pod = this.#cluster.pods.get(uid);
    if (pod !== undefined) this.#index.putPod(pod, before);
    else if (before !== undefined) {
      this.#index.removePod(before);
      this.#gone.set(uid, before.name);
    }
  }

  #look(uid: string, event: StateEvent): void {
    const pod = this.#cluster.pods.get(uid);
    const name = pod?.name ?? this.#gone.get(uid);
    // A slice may name a pod that was not seen yet, or that lives in a namespace that is not recorded.
    if (name === undefined) return;
    const wanted = pod === undefined ? gone : wantedOf(pod, this.#cluster, this.#seenNodes);
    const known = this.#open.get(uid) ?? new Map<string, Lag>();
    const still = new Map<string, Lag>();
    const keep = (key: string, make: () => Lag): void => {
      still.set(key, known.get(key) ?? make());
    };
    this.#lookAtSlices(uid, name, pod, wanted, event, keep);
    if (pod !== undefined) this.#lookAtServices(pod, wanted, event, keep);
    else if (this.#ready.has(uid)) this.#note(uid, false, event.atMs);
    for (const [key, lag] of known) if (!still.has(key)) this.#close(lag, event.atMs);
    if (still.size === 0) this.#open.delete(uid);
    else this.#open.set(uid, still);
  }

  #close(lag: Lag, atMs: number): void {
    lag.endMs = atMs;
    if (atMs >= this.#fromMs) this.#lags.push(lag);
  }

  #lookAtSlices(
    uid: string,
    name: string,
    pod: SeenPod | undefined,
    wanted: Wanted,
    event: StateEvent,
    keep: (key: string, make: () => Lag) => void,
  ): void {
    for (const [sliceUid, endpoint] of this.#index.endpointsOf(uid)) {
      const slice = this.#cluster.slices.get(sliceUid);
      if (slice === undefined) continue;
      const by = wantedBy(this.#serviceOf(slice.namespace, slice.state.service), pod, wanted);
      if (!(endpoint.ready && !by.ready) && !(endpoint.serving && !by.serving)) continue;
      keep(`slice ${sliceUid}`, () => ({
        what: 'withdrawal',
        namespace: slice.namespace,
        service: slice.state.service,
        pod: name,
        slice: slice.name,
        because: by.because,
        startMs: event.atMs,
        endMs: null,
        event,
      }));
    }
  }

  #lookAtServices(pod: SeenPod, wanted: Wanted, event: StateEvent, keep: (key: string, make: () => Lag) => void): void {
    let of = 0;
    for (const service of this.#cluster.services.values()) {
      if (!selects(service, pod)) continue;
      of += 1;
      const by = wantedBy(service, pod, wanted);
      if (!by.ready || this.#isReadyIn(pod.uid, service)) continue;
      keep(`service ${service.uid}`, () => ({
        what: 'appearance',
        namespace: pod.namespace,
        service: service.name,
        pod: pod.name,
        slice: null,
        because: by.because,
        startMs: event.atMs,
        endMs: null,
        event,
      }));
    }
    if (of > 0) this.#note(pod.uid, wanted.ready, event.atMs);
  }

  #isReadyIn(uid: string, { namespace, name }: SeenService): boolean {
    for (const [sliceUid, { ready }] of this.#index.endpointsOf(uid)) {
      const slice = this.#cluster.slices.get(sliceUid);
      if (ready && slice?.namespace === namespace && slice.state.service === name) return true;
    }
    return false;
  }

  #serviceOf(namespace: string, name: string): SeenService | undefined {
    for (const service of this.#cluster.services.values())
      if (service.namespace === namespace && service.name === name) return service;
    return undefined;
  }

  #note(uid: string, ready: boolean, atMs: number): void {
    const before = this.#ready.get(uid) ?? false;
    this.#ready.set(uid, ready);
    if (before !== ready && atMs >= this.#fromMs) this.#changes += 1;
  }
}
