import { basename, join } from 'node:path';

import type { Cluster } from '../model/cluster.ts';
import { HarnessError, messageOf } from '../model/errors.ts';
import type { FaultContext } from '../model/fault.ts';
import { seeded } from '../util/random.ts';
import { named, type Catalogue, type RunObserver } from './catalogue.ts';
import { Journal, readJournal, type Unfinished } from './journal.ts';
import { Leashes, leashesOf } from './leash.ts';
import { isRunning, runDirectories } from './live-runs.ts';
import { healBudgetMs, undo } from './undo.ts';

export interface HealOptions {
  readonly runsDirectory: string;
  /** Only this run. */
  readonly run?: string;
  readonly observer: RunObserver;
}

export interface Healed {
  /** What was undone, one sentence each. */
  readonly healed: readonly string[];
  /** What could not be undone, with the reason. */
  readonly left: readonly string[];
}

/**
 * Undoes, from the journals alone, what dead runs left: their faults, newest first, and the clusters made for them.
 * Works without the API server: faults heal through the nodes' shells. Idempotent.
 */
export async function healRuns(catalogue: Catalogue, options: HealOptions): Promise<Healed> {
  const { runsDirectory, run } = options;
  const directories = runDirectories(runsDirectory).filter(
    (directory) => run === undefined || basename(directory) === run,
  );
  if (run !== undefined && directories.length === 0) {
    throw new HarnessError('unknown-name', `${join(runsDirectory, run)}: expected a run, found none`, {
      hint: 'shakedown list --runs',
    });
  }
  const healed: string[] = [];
  const left: string[] = [];
  for (const directory of directories) {
    const id = basename(directory);
    if (isRunning(directory)) {
      left.push(`${id} is still running: shakedown halt stops and heals it`);
      continue;
    }
    try {
      healed.push(...(await healRun(directory, catalogue, options.observer)));
    } catch (error) {
      left.push(`${id}: ${messageOf(error)}`);
    }
  }
  return { healed, left };
}

async function healRun(directory: string, catalogue: Catalogue, observer: RunObserver): Promise<readonly string[]> {
  const unfinished = readJournal(directory);
  const { cluster: entry } = unfinished;
  if (entry === null || (unfinished.faults.length === 0 && entry.keep)) return [];
  const provider = named('provider', entry.provider, catalogue.providers);
  const journal = new Journal(directory);
  const done: string[] = [];
  try {
    if (entry.owned && !entry.keep) {
      // Nothing outlives a cluster that was made for the run, so its removal heals it.
      observer.note(`removing cluster ${entry.name}, made for ${basename(directory)}`);
      await provider.remove(entry.name);
      for (const fault of unfinished.faults) journal.append({ type: 'healed', step: fault.step });
      journal.append({ type: 'cluster-removed', name: entry.name });
      done.push(`${basename(directory)}: removed cluster ${entry.name}`);
    } else {
      if (unfinished.faults.length > 0) {
        const cluster = await provider.attach(entry.name, basename(directory));
        for (const fault of unfinished.faults) {
          const evidence = await healFault(fault, cluster, catalogue, directory);
          journal.append({ type: 'healed', step: fault.step });
          done.push(`${basename(directory)}: ${fault.step} is gone: ${evidence}`);
        }
      }
      if (!entry.keep) {
        observer.note(`taking away what ${basename(directory)} made on ${entry.name}`);
        await provider.release?.(entry.name, basename(directory));
        journal.append({ type: 'cluster-removed', name: entry.name });
        done.push(`${basename(directory)}: took away what it made on ${entry.name}`);
      }
    }
  } finally {
    journal.close();
  }
  return done;
}

async function healFault(
  planned: Unfinished['faults'][number],
  cluster: Cluster,
  catalogue: Catalogue,
  directory: string,
): Promise<string> {
  const fault = named('fault', planned.fault, catalogue.faults);
  const startMs = performance.now();
  const context: FaultContext = {
    cluster,
    signal: AbortSignal.timeout(healBudgetMs),
    random: seeded(0, `heal-${planned.step}`),
    mark: planned.mark,
    record: () => undefined,
    now: () => performance.now() - startMs,
  };
  const evidence = await undo(fault, context, planned.plan);
  await new Leashes(cluster, planned.mark, leashesOf(fault, planned.plan, planned.mark, directory)).disarm();
  return evidence;
}
