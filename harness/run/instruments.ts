import { connect, readSettings } from '../kube/index.ts';
import type { Cluster, Progress } from '../model/cluster.ts';
import type { RunReport } from '../model/report.ts';
import { ensurePrograms } from '../toolchain/index.ts';
import { deploy, type Deployed, type DeployOptions } from './deploy.ts';
import { fingerprint, type Fingerprint } from './fingerprint.ts';
import { describeObjects } from './fingerprint-objects.ts';
import { Measurement, type MeasureOptions } from './measure.ts';

/** Load and watches in progress. */
export interface Measuring {
  /** Resolves when every path has its real rate without failures and every client's writes are acknowledged. */
  untilSteady(withinMs: number, signal: AbortSignal): Promise<void>;
  /** Ends the clients' writing and reads back what is there. */
  readBack(signal: AbortSignal): Promise<void>;
  /** Ends load and watches. Idempotent. @returns what went wrong */
  stop(): Promise<readonly string[]>;
}

/** The engine's hands: everything it does to a cluster's API and with load. */
export interface Instruments {
  /** Gets the programs that no provider gets before it boots: a build of minutes is not to keep a cluster waiting. */
  prepare(progress: Progress, signal: AbortSignal): Promise<void>;
  deploy(options: DeployOptions): Promise<Deployed>;
  settings(cluster: Cluster, signal: AbortSignal): Promise<RunReport['settings']>;
  measure(options: MeasureOptions): Promise<Measuring>;
  /** Describes the nodes and the API's objects, before the load and after it. */
  fingerprint(cluster: Cluster, signal: AbortSignal): Promise<Fingerprint>;
  /** How long the nodes may take after the recovery until they are as they were, in milliseconds. */
  readonly settleMs: number;
  /** How long the load may take to become steady, in milliseconds. */
  readonly steadyWithinMs: number;
}

export const realInstruments: Instruments = {
  prepare: async (progress, signal) => {
    await ensurePrograms(['k6'], progress, signal);
  },
  deploy,
  settings: (cluster, signal) => readSettings(cluster, connect(cluster.kubeconfig), signal),
  measure: (options) => Measurement.start(options),
  fingerprint: async (cluster, signal) => {
    const [nodes, objects] = await Promise.all([fingerprint(cluster, signal), describeObjects(cluster, signal)]);
    return new Map([...nodes, ['api', objects]]);
  },
  settleMs: 20_000,
  steadyWithinMs: 60_000,
};
