import type { GapEvent, StateEvent } from '../model/history.ts';
import type { KubeClient } from './client.ts';
import { sourcesOf } from './kinds.ts';
import { ResourceWatch } from './resource-watch.ts';

export interface RecorderOptions {
  readonly client: KubeClient;
  /** Where pods, budgets, endpoints and workloads are followed; nodes and leases always are. */
  readonly namespaces: readonly string[];
  now(): number;
  record(event: StateEvent | GapEvent): void;
  readonly signal: AbortSignal;
}

export interface Recorder extends AsyncDisposable {
  /** Looks a last time, records what stays doubtful as gaps, and ends. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Records the state of the cluster as StateEvents, at first all of it as `added`, and the times in which it may have
 * seen late as gaps of the probe `recorder/KIND`.
 * Resolves when every collection was listed once. @throws ApiError when one cannot be
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const watches = sourcesOf(options.namespaces).map((source) => new ResourceWatch(source, options));
  await Promise.all(watches.map((watch) => watch.start(signal)));
  const running = Promise.all(watches.map((watch) => watch.run(signal)));
  // Awaited in stop(); until then a failure must not end the process unseen by it.
  running.catch(() => undefined);
  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await Promise.all(watches.map((watch) => watch.finish()));
    stopping.abort();
    await running;
  };
  const stop = (): Promise<void> => (stopped ??= end());
  return { stop, [Symbol.asyncDispose]: stop };
}
