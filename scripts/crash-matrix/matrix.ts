import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Catalogue } from '../../harness/run/index.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { differences } from '../../harness/run/fingerprint.ts';
import { deployWeb } from './deploy-web.ts';
import { describeCluster } from './residue.ts';
import { fitOn } from './places.ts';
import { healDead, isHindered, isRefusal, runTrials, type TrialResult, type World } from './run-trials.ts';
import type { TrialQueue } from './trial-queue.ts';
import { evidenceOf, type Trial } from './trials.ts';

export interface MatrixOptions {
  readonly cluster: Cluster;
  readonly catalogue: Catalogue;
  /** Shared with other clusters. */
  readonly trials: TrialQueue;
  /** At most so many die of one kill. */
  readonly together: number;
  /** Gets a folder for each trial. */
  readonly directory: string;
  /** Hears of each trial as it ends. */
  readonly record: (result: TrialResult) => void;
  readonly signal: AbortSignal;
  /** Hears what hinders. */
  readonly say: (line: string) => void;
}

/** The trials on one cluster, some of them together. A fault that refuses this cluster is tried once. */
export async function runMatrix(options: MatrixOptions): Promise<readonly TrialResult[]> {
  const { cluster, catalogue, trials, together, directory, record, signal, say } = options;
  mkdirSync(directory, { recursive: true });
  await deployWeb(cluster, catalogue, say, signal);
  let world: World = { cluster, catalogue, directory, signal, base: await settledBase(cluster, signal) };
  const fit = fitOn(cluster, catalogue, signal);
  const results: TrialResult[] = [];
  for (;;) {
    const group = signal.aborted ? [] : await trials.take(together, fit);
    if (group.length === 0) break;
    const tried = await triedTogether(group, world);
    if (tried === null) break;
    for (const result of tried) {
      if (isHindered(result)) {
        rmSync(result.evidence, { recursive: true, force: true });
        trials.again(result.trial);
        continue;
      }
      // A fault that refuses one of the clusters refuses all: they are of one shape.
      if (isRefusal(result)) trials.drop(result.trial.fault);
      results.push(result);
      record(result);
    }
    if (tried.every(({ residue }) => residue.length === 0)) continue;
    await keepLogs(cluster, tried, say);
    // What one trial left is not held against the next.
    const base = await restedBase(cluster, signal, say);
    if (base === null) break;
    world = { ...world, base };
  }
  return results;
}

/** What the cluster has to say of it lies beside the first of the trials that left something. */
async function keepLogs(cluster: Cluster, tried: readonly TrialResult[], say: (line: string) => void): Promise<void> {
  const first = tried.find(({ residue }) => residue.length > 0);
  if (first === undefined) return;
  await cluster.collectLogs(join(first.evidence, 'logs')).catch((error: unknown) => {
    say(`logs: ${messageOf(error)}`);
  });
}

/** Null when what was left keeps the cluster from coming to rest: further trials would show nothing. */
async function restedBase(
  cluster: Cluster,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<World['base'] | null> {
  try {
    return await settledBase(cluster, signal);
  } catch (error) {
    say(`The rest is not tried: ${messageOf(error)}`);
    return null;
  }
}

/** Trials that throw are a residue: nobody knows what they left. Null when the user stopped them. */
async function triedTogether(group: readonly Trial[], world: World): Promise<readonly TrialResult[] | null> {
  try {
    return await runTrials(group, world);
  } catch (error) {
    if (world.signal.aborted) return null;
    // Nor may they still be under way when the next ones begin.
    const left = await Promise.all(group.map((trial) => healDead(world, trial)));
    const residue = [`the trial could not be finished: ${messageOf(error)}`, ...left.flat()];
    const nothing = { notKilled: null, broken: null, leashMs: null, backMs: 0, recovery: 'nothing to undo' } as const;
    return group.map((trial) => ({
      trial,
      evidence: evidenceOf(world.directory, trial),
      company: group.length - 1,
      ...nothing,
      residue,
    }));
  }
}

/** The state to come back to: described twice, the same both times. */
async function settledBase(cluster: Cluster, signal: AbortSignal): Promise<World['base']> {
  let last = await describeCluster(cluster, signal);
  return eventually('the cluster to be at rest', { withinMs: 120_000, everyMs: 2_000, signal }, async () => {
    const now = await describeCluster(cluster, signal);
    const changed = [...differences(last, now)];
    last = now;
    return changed.length === 0 ? yes(now) : notYet(changed.join('; '));
  });
}

/** One trial in a line. */
export function sentenceOf({
  trial,
  notKilled,
  recovery,
  leashMs,
  backMs,
  broken,
  residue,
  evidence,
  company,
}: TrialResult): string {
  const { step, command, whileRunning } = trial.crash;
  const where = step.startsWith('mid-')
    ? `${step} (${whileRunning ? 'while' : 'after'} command ${String(command)})`
    : step;
  if (notKilled !== null) return `${trial.fault}, ${where}: the runner was not killed: ${notKilled}`;
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const how = leashMs === null ? recovery : `${recovery}, which fired after ${seconds(leashMs)}`;
  const was = broken === null ? '' : `, ${String(broken.length)} differences`;
  const left = residue.length === 0 ? 'residue 0' : `RESIDUE: ${residue.join('; ')} (${evidence})`;
  const beside = company === 0 ? '' : `, with ${String(company)} more`;
  return `${trial.fault}, ${where}${beside}${was}: ${how}, as before after ${seconds(backMs)}, ${left}`;
}
