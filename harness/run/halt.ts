import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { eventually, notYet, yes } from '../util/eventually.ts';
import { healBudgetMs } from './undo.ts';
import { haltFile, isRunning, runDirectories } from './live-runs.ts';

/**
 * Tells every run in progress to stop and heal, and waits until each has.
 * @returns the ids of the runs that were halted
 * @throws HarnessError `timed-out` when one does not stop
 */
export async function haltRuns(runsDirectory: string): Promise<readonly string[]> {
  const running = runDirectories(runsDirectory).filter(isRunning);
  for (const directory of running) writeFileSync(haltFile(directory), new Date().toISOString());
  await eventually(`${String(running.length)} runs to heal and stop`, { withinMs: 2 * healBudgetMs }, () => {
    const left = running.filter(isRunning);
    return left.length === 0
      ? yes(null)
      : notYet(`${left.map((directory) => basename(directory)).join(', ')} still running`);
  });
  return running.map((directory) => basename(directory));
}
