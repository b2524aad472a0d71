import type { Json } from './json.ts';

/**
 * What happened in a run, in milliseconds since its start on one monotonic clock.
 * A history is all that a judge sees; it is stored one event a line in history.ndjson.
 */
export type HistoryEvent =
  RequestEvent | OpEvent | WatchEvent | FaultEvent | StateEvent | SampleEvent | GapEvent | PhaseEvent;

/** How a client's connection comes about: `new` for each request, or `reused` between them. */
export type ConnectionMode = 'new' | 'reused';

/** One open-loop request of the load. */
export interface RequestEvent {
  readonly kind: 'request';
  /** The way into the cluster: `nodeport-zone-a`, `ingress`, `control` ... `control` never touches the cluster. */
  readonly path: string;
  readonly mode: ConnectionMode;
  /** Numbers the requests of one path and mode without gaps, so that a dropped one shows. */
  readonly seq: number;
  readonly startMs: number;
  /** When the whole answer was there, or the client gave up. */
  readonly endMs: number;
  readonly ok: boolean;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Why there was no good answer: `timeout`, `refused`, `reset`, `dropped` (the load generator could not send it) ... */
  readonly error?: string;
  /** The pod, node and zone that answered, as the workload says. */
  readonly pod?: string;
  readonly node?: string;
  readonly zone?: string;
}

/** One operation on data. A write that was not answered may have happened: its outcome is `unknown`. */
export interface OpEvent {
  readonly kind: 'op';
  /** Who did it: one client does one operation at a time. */
  readonly client: string;
  /** What it was done through: `api-ha`, `api-cp1`, `etcd-data` ... */
  readonly target: string;
  /** An `add` puts an element into a set, an `append` puts one at the end of a list: reads of their keys give lists. */
  readonly action: 'write' | 'read' | 'cas' | 'add' | 'append';
  readonly key: string;
  /** What was written, read, added or appended; null for absent. */
  readonly value: Json;
  /** For a cas: the value that it demanded to find; null for absent. */
  readonly expected?: Json;
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: 'ok' | 'failed' | 'unknown';
  readonly error?: string;
}

/**
 * What a client that watches a collection of the API was told, and what became of its connection. The events of one target are in
 * the order in which the client got them.
 */
export interface WatchEvent {
  readonly kind: 'watch';
  /** The way to the API that it watches through: `api-ha`, `api-cp1`. */
  readonly target: string;
  /** Numbers the watch requests of a target from 1 on; a list bears the number of the request that follows it. */
  readonly stream: number;
  readonly atMs: number;
  /**
   * `opened`, `closed` and `expired` (410 Gone) are of a watch request, and so is `ended`: it was open when the watching ended;
   * `added`, `modified`, `deleted` and `bookmark` are what it delivered; `list` is the answer to a list, and `listed` an object in
   * it that the client had not been told of in this version.
   */
  readonly type:
    'opened' | 'added' | 'modified' | 'deleted' | 'bookmark' | 'expired' | 'closed' | 'ended' | 'list' | 'listed';
  /** The object; absent for what is about the request or the list as a whole. */
  readonly key?: string;
  /** The resourceVersion of the object, of the list or of the bookmark, or the one that the request resumes from. */
  readonly version?: string;
  readonly detail?: string;
}

export interface FaultEvent {
  readonly kind: 'fault';
  readonly atMs: number;
  /** Names this injection within the run: `1-etcd-leader-loss`. */
  readonly step: string;
  readonly fault: string;
  /** injecting/injected and healing/healed are the injector's word; felt and gone are the victim's. */
  readonly phase:
    'planned' | 'injecting' | 'injected' | 'felt' | 'not-felt' | 'healing' | 'healed' | 'gone' | 'not-gone';
  readonly detail: string;
  readonly targets: readonly string[];
}

/** An object of the API as a watch delivered it, reduced to what the judges use; or an alert of Prometheus that fires. */
export interface StateEvent {
  readonly kind: 'state';
  readonly atMs: number;
  readonly change: 'added' | 'modified' | 'deleted';
  /** Node, Pod, EndpointSlice, PodDisruptionBudget, Deployment, Lease, Event, Alert ... */
  readonly object: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly value: Json;
}

/** Anything else a probe measures: the live settings, the clock's offset, event-loop delay, etcd status. */
export interface SampleEvent {
  readonly kind: 'sample';
  readonly probe: string;
  readonly atMs: number;
  readonly value: Json;
}

/** A time in which a probe did not see: what falls into it cannot be judged from that probe. */
export interface GapEvent {
  readonly kind: 'gap';
  readonly probe: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly because: string;
}

/** The phases of the run itself. */
export interface PhaseEvent {
  readonly kind: 'phase';
  readonly atMs: number;
  readonly phase: string;
  readonly state: 'started' | 'ended' | 'failed';
  readonly detail?: string;
}

export type History = readonly HistoryEvent[];
