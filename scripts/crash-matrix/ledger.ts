import { appendFileSync, existsSync, readFileSync } from 'node:fs';

import { z } from 'zod';

import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { crashSteps } from './crash.ts';
import type { TrialResult } from './run-trials.ts';

const count = z.int().min(0);
const entrySchema = z.strictObject({
  /** When the batch began, in UTC. */
  at: z.iso.datetime(),
  /** What was tried: `-dirty` marks a tree with changes. */
  commit: z.string().min(1),
  /** The shape of the cluster, by the name of its file. */
  config: z.string().min(1),
  /** The load average of the last minute when the batch ended. */
  load: z.number().min(0),
  /** At most so many runners died of one kill. */
  together: count.default(1),
  fault: z.string().min(1),
  seed: count,
  /** The number of the last trial of this fault: the next batch goes on after it. */
  last: count,
  /** Runners that were killed at each step. */
  trials: z.partialRecord(z.enum(crashSteps), count),
  byLeash: count,
  byHeal: count,
  /** Trials in which something was seen to be broken right after the death. */
  broken: count,
  /** Trials after which something was left. */
  residue: count,
  slowestLeashMs: count.nullable(),
  slowestBackMs: count,
  /** What was left, in the words of the trials. */
  left: z.array(z.string()),
});

/** What one batch says of one fault: a line of the file that sessions add to. */
export type Entry = z.output<typeof entrySchema>;

/** Where and when a batch was tried. */
export type BatchFacts = Pick<Entry, 'at' | 'commit' | 'config' | 'load' | 'seed' | 'together'>;

/** One line for each fault of which a runner was killed, or something was left. */
export function entriesOf(results: readonly TrialResult[], facts: BatchFacts): readonly Entry[] {
  const counted = results.filter(({ notKilled, residue }) => notKilled === null || residue.length > 0);
  return [...Map.groupBy(counted, ({ trial }) => trial.fault)].map(([fault, here]) => {
    const killed = here.filter(({ notKilled }) => notKilled === null);
    const steps = [...Map.groupBy(killed, ({ trial }) => trial.crash.step)];
    const leashes = killed.flatMap(({ leashMs }) => (leashMs === null ? [] : [leashMs]));
    return {
      ...facts,
      fault,
      last: Math.max(...here.map(({ trial }) => trial.number)),
      trials: Object.fromEntries(steps.map(([step, of]) => [step, of.length])),
      byLeash: killed.filter(({ recovery }) => recovery === 'leash').length,
      byHeal: killed.filter(({ recovery }) => recovery === 'heal').length,
      broken: killed.filter(({ broken }) => (broken?.length ?? 0) > 0).length,
      residue: here.filter(({ residue }) => residue.length > 0).length,
      slowestLeashMs: leashes.length === 0 ? null : Math.max(...leashes),
      slowestBackMs: Math.max(0, ...killed.map(({ backMs }) => backMs)),
      left: here.flatMap(({ trial, residue }) =>
        residue.length === 0 ? [] : [`${trial.crash.step}, ${trial.recovery}: ${residue.join('; ')}`],
      ),
    };
  });
}

/** @throws HarnessError `bad-input` naming the line that is no entry */
export function readLedger(file: string): readonly Entry[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line === '') return [];
      try {
        return [entrySchema.parse(JSON.parse(line))];
      } catch (error) {
        const where = `${file}, line ${String(index + 1)}`;
        throw new HarnessError('bad-input', `${where}: expected one batch of one fault: ${messageOf(error)}`);
      }
    });
}

/** Adds lines; what was there is never touched. */
export function appendLedger(file: string, entries: readonly Entry[]): void {
  appendFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

/** The number of the last trial of a fault that was made; 0 before the first. */
export const lastOf = (entries: readonly Entry[], fault: string): number =>
  Math.max(0, ...entries.filter((entry) => entry.fault === fault).map(({ last }) => last));
