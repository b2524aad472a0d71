import type { Cluster } from './cluster.ts';
import type { HistoryEvent } from './history.ts';
import type { Json } from './json.ts';

/** An object of the Kubernetes API as a manifest says it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A way into the workload that the load drives. */
export interface LoadPath {
  readonly name: string;
  /** As a place reaches it. */
  readonly url: string;
}

/** What a workload's own client is given; it runs while the faults do. */
export interface ClientContext {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  readonly seed: number;
  readonly namespace: string;
  now(): number;
  record(event: HistoryEvent): void;
}

/**
 * A client that writes numbered records until it is told to stop, then reads them back. Disposing it ends its programs
 * without reading back; after `finish` that does nothing.
 */
export interface WorkloadClient extends AsyncDisposable {
  /** Resolves when its writes are acknowledged at their rate. */
  untilSteady(signal: AbortSignal): Promise<void>;
  /** Ends the writing and reads back, through every target, what is there. */
  finish(signal: AbortSignal): Promise<void>;
}

/** A system under test: what is deployed, how the load reaches it, and what its own client does. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  /** Paths of the docker-format image archives that it needs; built when missing. */
  images(progress: (line: string) => void, signal: AbortSignal): Promise<readonly string[]>;
  manifests(namespace: string, options: Readonly<Record<string, Json>>): readonly Manifest[];
  paths(cluster: Cluster): readonly LoadPath[];
  client?(context: ClientContext, options: Readonly<Record<string, Json>>): Promise<WorkloadClient>;
}
