import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { messageOf } from '../model/errors.ts';
import { readReportFile } from './report-file.ts';
import type { HistoryStore } from './store.ts';

export interface Imported {
  /** New runs, and those whose report has changed. */
  readonly imported: number;
  readonly known: number;
  /** Why a run was left out, a sentence each. */
  readonly leftOut: readonly string[];
}

/** Brings every run of the directory into the store. A run that is there already is not touched; one that is no longer in the directory stays. */
export function importRuns(store: HistoryStore, runsDirectory: string): Imported {
  const [leftOut, done]: [string[], boolean[]] = [[], []];
  for (const name of existsSync(runsDirectory) ? readdirSync(runsDirectory, { withFileTypes: true }) : []) {
    if (!name.isDirectory()) continue;
    try {
      done.push(store.put(readReportFile(join(runsDirectory, name.name, 'run.json'))));
    } catch (error) {
      leftOut.push(messageOf(error));
    }
  }
  const imported = done.filter(Boolean).length;
  return { imported, known: done.length - imported, leftOut };
}
