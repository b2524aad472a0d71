import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { connect, startAlerts, startRecorder } from '../kube/index.ts';
import { startControl } from '../load/control.ts';
import { startLoad, type LoadRun } from '../load/driver.ts';
import type { Cluster } from '../model/cluster.ts';
import type { HistoryEvent } from '../model/history.ts';
import type { Scenario } from '../model/scenario.ts';
import type { WorkloadClient } from '../model/workload.ts';
import type { Clock } from '../util/clock.ts';
import { CleanupStack } from '../util/cleanup.ts';
import type { Deployed } from './deploy.ts';
import type { Measuring } from './instruments.ts';
import { monitorProcessors } from './processors.ts';
import { monitorSelf } from './self-monitor.ts';

export interface MeasureOptions {
  readonly scenario: Scenario;
  readonly cluster: Cluster;
  readonly deployed: Deployed;
  readonly clock: Clock;
  readonly record: (event: HistoryEvent) => void;
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Everything that watches and loads the cluster while it is broken. */
export class Measurement implements Measuring {
  readonly #cleanup: CleanupStack;
  readonly #load: LoadRun;
  readonly #clients: readonly WorkloadClient[];

  private constructor(cleanup: CleanupStack, load: LoadRun, clients: readonly WorkloadClient[]) {
    this.#cleanup = cleanup;
    this.#load = load;
    this.#clients = clients;
  }

  /** Starts the watches first, then the load and the workloads' own clients. What was started is stopped on failure. */
  static async start(options: MeasureOptions): Promise<Measurement> {
    const cleanup = new CleanupStack();
    try {
      return await begin(options, cleanup, (load, clients) => new Measurement(cleanup, load, clients));
    } catch (error) {
      await cleanup.unwind();
      throw error;
    }
  }

  /** Resolves when every path has its real rate without failures and every client's writes are acknowledged. */
  async untilSteady(withinMs: number, signal: AbortSignal): Promise<void> {
    await this.#load.untilSteady(withinMs, signal);
    for (const client of this.#clients)
      await client.untilSteady(AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(withinMs))]));
  }

  /** Ends the clients' writing and reads back what is there. */
  async readBack(signal: AbortSignal): Promise<void> {
    for (const client of this.#clients) await client.finish(signal);
  }

  /** Ends load and watches. Idempotent. @returns what went wrong */
  stop(): Promise<readonly string[]> {
    return this.#cleanup.unwind();
  }
}

async function begin(
  { scenario, cluster, deployed, clock, record, directory, signal }: MeasureOptions,
  cleanup: CleanupStack,
  make: (load: LoadRun, clients: readonly WorkloadClient[]) => Measurement,
): Promise<Measurement> {
  // The nodes of a local cluster share this machine's processors.
  for (const monitor of cluster.facts.provider === 'local' ? [monitorSelf, monitorProcessors] : [monitorSelf]) {
    const monitoring = monitor(clock, record);
    cleanup.push('monitor of this machine', () => {
      monitoring[Symbol.dispose]();
      return Promise.resolve();
    });
  }
  const now = (): number => clock.now();
  const namespaces = [deployed.namespace];
  const client = connect(cluster.kubeconfig);
  const recorder = await startRecorder({ client, namespaces, now, record, signal });
  cleanup.push('recorder', () => recorder[Symbol.asyncDispose]());
  if (scenario.alerts !== undefined) {
    const alerts = await startAlerts({ client, source: scenario.alerts, clock, record, signal });
    cleanup.push('alerts', () => alerts[Symbol.asyncDispose]());
  }
  const control = await startControl(await cluster.place('control'), signal);
  cleanup.push('control target', () => control[Symbol.asyncDispose]());
  const logDirectory = join(directory, 'logs');
  mkdirSync(logDirectory, { recursive: true });
  const paths = [...deployed.workloads.flatMap(({ workload }) => workload.paths(cluster)), control.path];
  const place = await cluster.place('client');
  const zones = new Map(cluster.facts.nodes.map(({ name, zone }) => [name, zone]));
  const zoneOf = (node: string): string | null | undefined => zones.get(node);
  const load = await startLoad({ place, paths, profile: scenario.load, clock, record, logDirectory, signal, zoneOf });
  cleanup.push('load', () => load[Symbol.asyncDispose]());
  const clients: WorkloadClient[] = [];
  for (const { workload, options } of deployed.workloads) {
    if (!workload.client) continue;
    const client = await workload.client(
      { cluster, signal, seed: scenario.seed, namespace: deployed.namespace, now, record },
      options,
    );
    clients.push(client);
    cleanup.push(`${workload.name} client`, () => client[Symbol.asyncDispose]());
  }
  return make(load, clients);
}
