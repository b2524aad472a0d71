import { markdownTable } from 'markdown-table';

import { formatMs } from '../../harness/model/duration.ts';
import { crashSteps, type CrashStep } from './crash.ts';
import type { TrialResult } from './run-trials.ts';

/** The trials of one fault at one step. */
export interface Row {
  readonly fault: string;
  readonly step: CrashStep;
  /** Runners that were killed there. */
  readonly trials: number;
  readonly byLeash: number;
  readonly byHeal: number;
  /** Trials in which something was seen to be broken right after the death. */
  readonly broken: number;
  /** Trials after which something was left. */
  readonly residue: number;
  /** From the death until the last leash fired; null without one. */
  readonly slowestLeashMs: number | null;
  readonly slowestBackMs: number;
}

/** One row for each fault and step that was tried; a runner that was not killed is no trial. */
export function rowsOf(results: readonly TrialResult[]): readonly Row[] {
  const faults = [...new Set(results.map(({ trial }) => trial.fault))];
  return faults.flatMap((fault) =>
    crashSteps.flatMap((step) => {
      const here = results.filter(
        ({ trial, notKilled }) => trial.fault === fault && trial.crash.step === step && notKilled === null,
      );
      return here.length === 0 ? [] : [rowOf(fault, step, here)];
    }),
  );
}

function rowOf(fault: string, step: CrashStep, here: readonly TrialResult[]): Row {
  const leashes = here.flatMap(({ leashMs }) => (leashMs === null ? [] : [leashMs]));
  return {
    fault,
    step,
    trials: here.length,
    byLeash: here.filter(({ recovery }) => recovery === 'leash').length,
    byHeal: here.filter(({ recovery }) => recovery === 'heal').length,
    broken: here.filter(({ broken }) => (broken?.length ?? 0) > 0).length,
    residue: here.filter(({ residue }) => residue.length > 0).length,
    slowestLeashMs: leashes.length === 0 ? null : Math.max(...leashes),
    slowestBackMs: Math.max(...here.map(({ backMs }) => backMs)),
  };
}

const head = [
  'fault',
  'killed',
  'trials',
  'by leash',
  'by heal',
  'seen broken',
  'residue',
  'leash after',
  'as before after',
];

/** The rows as a Markdown table, which is also how a terminal shows them. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.fault,
    row.step,
    ...[row.trials, row.byLeash, row.byHeal, row.broken, row.residue].map(String),
    row.slowestLeashMs === null ? '-' : formatMs(row.slowestLeashMs),
    formatMs(row.slowestBackMs),
  ]);
  return markdownTable([head, ...cells], { align: ['l', 'l', 'r', 'r', 'r', 'r', 'r', 'r', 'r'] });
}

/** One sentence with the totals. */
export function totalOf(results: readonly TrialResult[]): string {
  const killed = results.filter(({ notKilled }) => notKilled === null);
  const count = (which: (result: TrialResult) => boolean): string => String(killed.filter(which).length);
  const faults = new Set(killed.map(({ trial }) => trial.fault)).size;
  return (
    `${String(killed.length)} runners killed over ${String(faults)} faults: ${count(({ recovery }) => recovery === 'leash')} undone by ` +
    `the leash alone, ${count(({ recovery }) => recovery === 'heal')} by heal, ` +
    `${count(({ recovery }) => recovery === 'nothing to undo')} with nothing to undo; residue in ` +
    `${String(results.filter(({ residue }) => residue.length > 0).length)}.`
  );
}
