import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Cluster } from '../../harness/model/cluster.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { differences, type Fingerprint } from '../../harness/run/fingerprint.ts';
import { healRuns, type Catalogue } from '../../harness/run/index.ts';
import { readJournal } from '../../harness/run/journal.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { exec } from '../../harness/util/exec.ts';
import { root } from '../../harness/util/paths.ts';
import type { ChildTask } from './child.ts';
import { describeCluster, leashesOf, tracesOf } from './residue.ts';
import type { Trial } from './trials.ts';

export interface World {
  readonly cluster: Cluster;
  readonly catalogue: Catalogue;
  /** Gets a folder for each trial: the dead run's journal, history and what its runner said. */
  readonly directory: string;
  readonly base: Fingerprint;
  readonly signal: AbortSignal;
}

export interface TrialResult {
  readonly trial: Trial;
  /** Where the dead run is. */
  readonly evidence: string;
  /** Why the runner was not killed, so that the trial shows nothing; null when it was. */
  readonly notKilled: string | null;
  /** What the dead runner left, right after its death: shows that there was something to undo; null when not looked. */
  readonly broken: readonly string[] | null;
  /** The way that was really gone: `leash` needs one that is armed. */
  readonly recovery: 'leash' | 'heal' | 'nothing to undo';
  /** From the death until each leash had fired, by whole seconds of the machine's uptime; null without one. */
  readonly leashMs: number | null;
  /** From the death until everything was as before. */
  readonly backMs: number;
  /** What was not undone. */
  readonly residue: readonly string[];
}

/** A runner that lived although it was to die refused the fault; it may only be done before its random moment. */
export const isRefusal = ({ trial, notKilled, residue }: TrialResult): boolean =>
  notKilled !== null && residue.length === 0 && trial.crash.step !== 'random';

/** What a fault promises: nobody renews its leash any more, and after so long it has undone everything. */
export const leashLimitMs = 15_000;
/** Nodes that lost their power start again; whatever is still different after so long is left. */
const settleMs = 90_000;
const childLimitMs = 240_000;
/** A leash tells by itself when it fired: looking more often would only cost the nodes something. */
const leashLookMs = 1_500;
/** Where the command line keeps what Node compiled: a runner starts in half the time. */
const compileCache = join(root, 'node_modules/.cache/node');

/** Kills one runner, brings the cluster back in the way the trial says, and looks for what is left. */
export async function runTrial(trial: Trial, world: World): Promise<TrialResult> {
  const { cluster, signal } = world;
  const evidence = join(world.directory, trial.id);
  const task: ChildTask = { cluster: cluster.facts.name, runsDirectory: evidence, trial };
  const child = [process.execPath, join(import.meta.dirname, 'child.ts'), JSON.stringify(task)];
  const env = { NODE_COMPILE_CACHE: compileCache };
  const ran = await exec(child, { allowFailure: true, timeoutMs: childLimitMs, signal, env });
  const diedMs = performance.now();
  const diedUptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  const known = { trial, evidence };
  if (ran.exitCode !== 128 + 9) {
    const said = ran.stdout.trim() || ran.stderr.trim().slice(-300);
    const residue = await settle(world);
    return { ...known, notKilled: said, broken: null, recovery: 'nothing to undo', leashMs: null, backMs: 0, residue };
  }
  const mark = markIn(evidence);
  const residue: string[] = [];
  let leashMs: number | null = null;
  const held = trial.recovery === 'leash' ? (await leashesOf(cluster)).map(({ where }) => where) : [];
  const byLeash = held.length > 0;
  // A command that outlived its runner may still be running: a heal that is to meet it must not wait for a look.
  const atOnce = !byLeash && trial.crash.step.startsWith('mid-');
  const broken = atOnce ? null : differences(world.base, await describeCluster(cluster, signal));
  if (byLeash) {
    const fired = await untilFired(world, held);
    residue.push(...fired.residue);
    leashMs = fired.atUptime === null ? null : Math.max(0, Math.round((fired.atUptime - diedUptime) * 1_000));
    if (leashMs !== null && leashMs > leashLimitMs) residue.push(`the leash fired only after ${String(leashMs)} ms`);
    residue.push(...(await settle(world)));
  }
  let backMs = Math.round(performance.now() - diedMs);
  // After a leash this closes the books: it must find nothing to do, and say so without failing.
  residue.push(...(await healDead(world, evidence)));
  if (!byLeash) {
    residue.push(...(await settle(world)));
    backMs = Math.round(performance.now() - diedMs);
  }
  residue.push(...(await tracesOf(cluster, mark)), ...(byLeash ? await settle(world) : []));
  const recovery = byLeash ? 'leash' : mark === null ? 'nothing to undo' : 'heal';
  return { ...known, notKilled: null, broken, recovery, leashMs, backMs, residue: [...new Set(residue)] };
}

/** The mark of the injection that the journal of the dead run tells of; null when it had planned none. */
function markIn(runs: string): string | null {
  const planned = readdirSync(runs).flatMap((id) => readJournal(join(runs, id)).faults);
  return planned[0]?.mark ?? null;
}

/** @param held where the leashes are */
async function untilFired(
  { cluster, signal }: World,
  held: readonly string[],
): Promise<{
  readonly atUptime: number | null;
  readonly residue: readonly string[];
}> {
  try {
    const options = { withinMs: 2 * leashLimitMs, everyMs: leashLookMs, signal };
    return await eventually('every leash to fire', options, async () => {
      const leashes = await leashesOf(cluster, held);
      const armed = leashes.filter(({ state }) => state === 'armed').map(({ where }) => where);
      if (armed.length > 0) return notYet(`armed on ${armed.join(', ')}`);
      const times = leashes.map(({ state }) => Number(state));
      return yes({ atUptime: times.length === 0 ? null : Math.max(...times), residue: [] });
    });
  } catch (error) {
    signal.throwIfAborted();
    return { atUptime: null, residue: [messageOf(error)] };
  }
}

/** Undoes what the dead runs there left. @returns what could not be undone */
export async function healDead({ catalogue }: World, runsDirectory: string): Promise<readonly string[]> {
  const observer = { phase: () => undefined, note: () => undefined, progress: () => undefined };
  const { left } = await healRuns(catalogue, { runsDirectory, observer });
  return left;
}

/** Waits until the cluster is as it was. @returns what is still different when the time is over */
async function settle({ cluster, base, signal }: World): Promise<readonly string[]> {
  let left: readonly string[] = ['the cluster could not be described'];
  /** What was different in the last look; null to look everywhere. */
  let only: readonly string[] | null = null;
  const look = async (): Promise<boolean> => {
    const now = await describeCluster(cluster, signal, only);
    const before = new Map([...base].filter(([where]) => only?.includes(where) ?? true));
    left = differences(before, now);
    const wasWhole = only === null;
    const different = [...before.keys()].filter((where) => left.some((line) => line.startsWith(`${where}: `)));
    only = different.length === 0 ? null : different;
    return left.length === 0 && wasWhole;
  };
  try {
    return await eventually('the cluster as before', { withinMs: settleMs, everyMs: 500, signal }, async () => {
      // What was mended is followed by a look at the whole, and at once.
      if ((await look()) || (left.length === 0 && (await look()))) return yes([]);
      return notYet(left.join('; '));
    });
  } catch {
    signal.throwIfAborted();
    return left;
  }
}
