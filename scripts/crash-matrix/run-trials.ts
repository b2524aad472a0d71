import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Cluster } from '../../harness/model/cluster.ts';
import { messageOf } from '../../harness/model/errors.ts';
import type { Fingerprint } from '../../harness/run/fingerprint.ts';
import { healRuns, named, type Catalogue } from '../../harness/run/index.ts';
import { readJournal, type Planned } from '../../harness/run/journal.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { exec } from '../../harness/util/exec.ts';
import { root } from '../../harness/util/paths.ts';
import type { ChildTask, Ended } from './child.ts';
import { leashesOf, processesOf, type HeldLeash } from './residue.ts';
import { differencesAt, settle } from './settle.ts';
import { evidenceOf, type Trial } from './trials.ts';

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
  /** How many others died of the same kill. */
  readonly company: number;
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

/** A runner that lived in company may have been hindered by what the others did: it is tried again by itself. */
export const isHindered = (result: TrialResult): boolean => result.company > 0 && isRefusal(result);

/** What a fault promises: nobody renews its leash any more, and after so long it has undone everything. */
export const leashLimitMs = 15_000;
const childLimitMs = 240_000;
/** A leash tells by itself when it fired: looking more often would only cost the nodes something. */
const leashLookMs = 1_500;
/** Where the command line keeps what Node compiled: a runner starts in half the time. */
const compileCache = join(root, 'node_modules/.cache/node');

/**
 * Kills the runners of these trials with one kill, brings the cluster back in the way they say, which is the same for all, and
 * looks for what is left. What nobody can tell whose it is, is held against each of them.
 */
export async function runTrials(trials: readonly Trial[], world: World): Promise<readonly TrialResult[]> {
  const lived = await killTogether(trials, world);
  const dead = trials
    .filter(({ id }) => !lived.has(id))
    .map((trial) => ({ trial, planned: plannedIn(evidenceOf(world.directory, trial)) }));
  const aftermath = await bringBack(dead, trials, world);
  return trials.map((trial) => {
    const killed = dead.find((each) => each.trial === trial);
    const seen = killed === undefined ? nothingSeen(trial, aftermath) : seenOf(killed, aftermath, world.catalogue);
    const notKilled = lived.get(trial.id) ?? null;
    return { trial, evidence: evidenceOf(world.directory, trial), company: trials.length - 1, notKilled, ...seen };
  });
}

/** A runner that was killed. */
interface Dead {
  readonly trial: Trial;
  /** What its journal says is not undone; null when it had planned nothing. */
  readonly planned: Planned | null;
}

/** What there was to see after a kill, of all that died of it. */
interface Aftermath {
  /** What was different right after it; null when not looked. */
  readonly broken: readonly string[] | null;
  /** The leashes that were to undo it. */
  readonly armed: readonly HeldLeash[];
  /** The same once they had fired. */
  readonly fired: readonly HeldLeash[];
  /** The machine's uptime at the kill, in seconds. */
  readonly diedUptime: number;
  readonly backMs: number;
  /** By trial, what `heal` could not undo. */
  readonly notHealed: ReadonlyMap<string, readonly string[]>;
  /** The leashes that were left. */
  readonly leashes: readonly HeldLeash[];
  /** What was left otherwise, whosever it is. */
  readonly residue: readonly string[];
}

/** @param trials of all runners: one that ended by itself may have left its fault to its leash */
async function bringBack(dead: readonly Dead[], trials: readonly Trial[], world: World): Promise<Aftermath> {
  const { cluster } = world;
  const diedMs = performance.now();
  const diedUptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  const armed = dead.some(({ trial }) => trial.recovery === 'leash') ? await leashesOf(cluster) : [];
  const byLeash = armed.length > 0;
  // A command that outlived its runner may still be running: a heal that is to meet it must not wait for a look.
  const atOnce = !byLeash && dead.some(({ trial: { crash } }) => crash.step.startsWith('mid-') && crash.whileRunning);
  const broken = atOnce ? null : await differencesAt(world, placesOf(dead, world));
  const residue: string[] = [];
  let fired: readonly HeldLeash[] = [];
  if (byLeash) {
    const waited = await untilFired(world, armed);
    fired = waited.fired;
    residue.push(...waited.residue, ...(await settle(world)));
  }
  let backMs = Math.round(performance.now() - diedMs);
  // After a leash this closes the books: it must find nothing to do, and say so without failing.
  const notHealed = new Map(
    await Promise.all(trials.map(async (trial) => [trial.id, await healDead(world, trial)] as const)),
  );
  if (!byLeash) {
    residue.push(...(await settle(world)));
    backMs = Math.round(performance.now() - diedMs);
  }
  const marks = dead.flatMap(({ planned }) => planned?.mark ?? []);
  // The whole was looked at once: after its leash `heal` had nothing to do, and what it touches all the same is its own.
  residue.push(...(await processesOf(cluster, marks)), ...(byLeash ? await settle(world, placesOf(dead, world)) : []));
  const leashes = await leashesOf(cluster);
  return { broken, armed, fired, diedUptime, backMs, notHealed, leashes, residue: [...new Set(residue)] };
}

/** The API, and on what they acted. */
const placesOf = (dead: readonly Dead[], { catalogue }: World): readonly string[] => [
  'api',
  ...dead.flatMap(({ planned }) => (planned === null ? [] : targetsOf(planned, catalogue))),
];

/** What is told of one runner: its own part of the aftermath. */
type Seen = Omit<TrialResult, 'trial' | 'evidence' | 'company' | 'notKilled'>;

/** Of a runner that ended by itself. */
const nothingSeen = ({ id }: Trial, { residue, notHealed }: Aftermath): Seen => ({
  broken: null,
  recovery: 'nothing to undo',
  leashMs: null,
  backMs: 0,
  residue: [...residue, ...(notHealed.get(id) ?? [])],
});

/** Of a runner that was killed. */
function seenOf(
  { trial, planned }: Dead,
  { broken, armed, fired, diedUptime, backMs, notHealed, leashes, residue }: Aftermath,
  catalogue: Catalogue,
): Seen {
  const isOwn = ({ mark }: HeldLeash): boolean => mark === planned?.mark;
  const firedAt = fired.filter(isOwn).map(({ state }) => Number(state));
  const leashMs = firedAt.length === 0 ? null : Math.max(0, Math.round((Math.max(...firedAt) - diedUptime) * 1_000));
  const late = leashMs !== null && leashMs > leashLimitMs ? [`the leash fired only after ${String(leashMs)} ms`] : [];
  return {
    broken: broken === null ? null : planned === null ? [] : ownOf(broken, planned, catalogue),
    recovery: armed.some(isOwn) ? 'leash' : planned === null ? 'nothing to undo' : 'heal',
    leashMs,
    backMs,
    residue: [
      ...residue,
      ...late,
      ...(notHealed.get(trial.id) ?? []),
      ...leashes.filter(isOwn).map(({ where, state }) => `${where}: a leash is left (${state})`),
    ],
  };
}

/** @returns why each runner that was not killed ended by itself */
async function killTogether(
  trials: readonly Trial[],
  { cluster, directory, signal }: World,
): Promise<ReadonlyMap<string, string>> {
  const task: ChildTask = { cluster: cluster.facts.name, directory, trials };
  const child = [process.execPath, join(import.meta.dirname, 'child.ts'), JSON.stringify(task)];
  const env = { NODE_COMPILE_CACHE: compileCache };
  const ran = await exec(child, { allowFailure: true, timeoutMs: childLimitMs, signal, env });
  const ended = ran.stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Ended] : []));
  const lived = new Map(ended.map(({ id, because }) => [id, because]));
  if (ran.exitCode === 128 + 9) return lived;
  const said = ran.stderr.trim().slice(-300);
  return new Map(trials.map(({ id }) => [id, lived.get(id) ?? said]));
}

/** What the journal of the dead run there says is not undone; null when it had planned nothing. */
const plannedIn = (runs: string): Planned | null =>
  readdirSync(runs).flatMap((id) => readJournal(join(runs, id)).faults)[0] ?? null;

const targetsOf = ({ fault, plan }: Planned, { faults }: Catalogue): readonly string[] =>
  named('fault', fault, faults).targets(plan);

/** The differences at what that fault acts on: on the nodes among its targets, and in the API where it speaks of a target. */
function ownOf(lines: readonly string[], planned: Planned, catalogue: Catalogue): readonly string[] {
  const targets = targetsOf(planned, catalogue);
  const names = targets.map((target) => target.split(/[ /]/).at(-1) ?? target);
  return lines.filter((line) => {
    const [where = '', ...said] = line.split(/[^\w.-]+/);
    return where === 'api' ? said.some((word) => names.includes(word)) : targets.includes(where);
  });
}

/** @param armed the leashes that are to fire */
async function untilFired(
  { cluster, signal }: World,
  armed: readonly HeldLeash[],
): Promise<{ readonly fired: readonly HeldLeash[]; readonly residue: readonly string[] }> {
  const where = armed.map((leash) => leash.where);
  try {
    const options = { withinMs: 2 * leashLimitMs, everyMs: leashLookMs, signal };
    return await eventually('every leash to fire', options, async () => {
      const leashes = await leashesOf(cluster, where);
      const still = leashes.filter(({ state }) => state === 'armed').map((leash) => leash.where);
      return still.length > 0 ? notYet(`armed on ${still.join(', ')}`) : yes({ fired: leashes, residue: [] });
    });
  } catch (error) {
    signal.throwIfAborted();
    return { fired: [], residue: [messageOf(error)] };
  }
}

/** Undoes what the run of the trial left. @returns what could not be undone */
export async function healDead({ catalogue, directory }: World, trial: Trial): Promise<readonly string[]> {
  const observer = { phase: () => undefined, note: () => undefined, progress: () => undefined };
  const { left } = await healRuns(catalogue, { runsDirectory: evidenceOf(directory, trial), observer });
  return left;
}
