import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Catalogue } from '../../harness/run/index.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { differences } from '../../harness/run/fingerprint.ts';
import { deployWeb } from './deploy-web.ts';
import { describeCluster } from './residue.ts';
import { healDead, isRefusal, runTrial, type TrialResult, type World } from './run-trial.ts';
import type { Trial } from './trials.ts';

export interface MatrixOptions {
  readonly cluster: Cluster;
  readonly catalogue: Catalogue;
  /** One after the other; a queue is shared with other clusters. */
  readonly trials: Iterable<Trial>;
  /** Gets a folder for each trial. */
  readonly directory: string;
  /** Hears of each trial as it ends. */
  readonly record: (result: TrialResult) => void;
  readonly signal: AbortSignal;
  /** Hears what hinders. */
  readonly say: (line: string) => void;
}

/** The trials, one after the other, on one cluster. A fault that refuses this cluster is tried once. */
export async function runMatrix(options: MatrixOptions): Promise<readonly TrialResult[]> {
  const { cluster, catalogue, trials, directory, record, signal, say } = options;
  mkdirSync(directory, { recursive: true });
  await deployWeb(cluster, catalogue, say, signal);
  let world: World = { cluster, catalogue, directory, signal, base: await settledBase(cluster, signal) };
  const results: TrialResult[] = [];
  const refused = new Set<string>();
  for (const trial of trials) {
    if (signal.aborted) break;
    if (refused.has(trial.fault)) continue;
    const result = await tried(trial, world);
    if (result === null) break;
    results.push(result);
    if (isRefusal(result)) refused.add(trial.fault);
    record(result);
    // What one trial left is not held against the next.
    if (result.residue.length === 0) continue;
    const base = await restedBase(cluster, signal, say);
    if (base === null) break;
    world = { ...world, base };
  }
  return results;
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

/** A trial that throws is a residue: nobody knows what it left. Null when the user stopped it. */
async function tried(trial: Trial, world: World): Promise<TrialResult | null> {
  try {
    return await runTrial(trial, world);
  } catch (error) {
    if (world.signal.aborted) return null;
    const evidence = join(world.directory, trial.id);
    // Nor may it still be under way when the next one begins.
    const left = await healDead(world, evidence);
    const residue = [`the trial could not be finished: ${messageOf(error)}`, ...left];
    const nothing = { notKilled: null, broken: null, leashMs: null, backMs: 0 } as const;
    return { trial, evidence, ...nothing, recovery: 'nothing to undo', residue };
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
  return `${trial.fault}, ${where}${was}: ${how}, as before after ${seconds(backMs)}, ${left}`;
}
