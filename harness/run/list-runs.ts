import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { RunReport } from '../model/report.ts';
import { isRunning, runDirectories } from './live-runs.ts';

export interface ListedRun {
  readonly id: string;
  readonly directory: string;
  readonly scenario: string;
  /** The outcome, or `running`, or `died` for a run whose process was killed: `shakedown heal` cleans up after it. */
  readonly outcome: RunReport['outcome'] | 'running' | 'died';
  readonly startedAt: string;
}

/** Every stored run, oldest first. */
export function listRuns(runsDirectory: string): readonly ListedRun[] {
  return runDirectories(runsDirectory)
    .map(listed)
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function listed(directory: string): ListedRun {
  const id = basename(directory);
  const file = join(directory, 'run.json');
  if (existsSync(file)) {
    const report = JSON.parse(readFileSync(file, 'utf8')) as RunReport;
    return { id, directory, scenario: report.scenario.name, outcome: report.outcome, startedAt: report.startedAt };
  }
  const entry = readFirst(join(directory, 'journal.ndjson'));
  return {
    id,
    directory,
    scenario: entry?.scenario ?? 'unknown',
    outcome: isRunning(directory) ? 'running' : 'died',
    startedAt: entry?.startedAt ?? '',
  };
}

function readFirst(journal: string): { readonly scenario: string; readonly startedAt: string } | null {
  if (!existsSync(journal)) return null;
  const [line = ''] = readFileSync(journal, 'utf8').split('\n');
  return line === '' ? null : (JSON.parse(line) as { readonly scenario: string; readonly startedAt: string });
}
