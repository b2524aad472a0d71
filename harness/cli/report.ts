import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Command } from 'commander';

import { HarnessError } from '../model/errors.ts';
import { exec } from '../util/exec.ts';
import { examples } from './examples.ts';
import { runsDirectory } from '../util/paths.ts';
import { printJson, printLines } from './print.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description("Print the path of a run's report page, of the newest run by default")
    .argument('[run]', 'the id of a run, from `shakedown list --runs`')
    .option('--open', 'open it in the browser')
    .option('--json', 'print the run and its report as JSON')
    .addHelpText(
      'after',
      examples(['shakedown report', 'where the newest report is'], ['shakedown report --open', 'shows it']),
    )
    .action(async (id: string | undefined, flags: { readonly open?: boolean; readonly json?: boolean }) => {
      const { listRuns, named } = await import('../run/index.ts');
      const runs = listRuns(runsDirectory()).map((run) => ({ ...run, name: run.id }));
      const run =
        id === undefined ? runs.findLast(({ directory }) => existsSync(pageOf(directory))) : named('run', id, runs);
      if (run === undefined) {
        throw new HarnessError('unknown-name', `No run in ${runsDirectory()} has a report yet`, {
          hint: 'shakedown tour',
        });
      }
      const page = pageOf(run.directory);
      if (!existsSync(page)) {
        throw new HarnessError('history', `${page}: expected a report page, found none; the run is ${run.outcome}`, {
          hint: run.outcome === 'died' ? 'shakedown heal' : `shakedown judge ${run.directory}`,
        });
      }
      if (flags.json === true) printJson({ id: run.id, outcome: run.outcome, directory: run.directory, page });
      else printLines([page]);
      if (flags.open === true) await open(page);
    });
}

const pageOf = (directory: string): string => join(directory, 'report.html');

/** Shows a page in the browser. Where nothing can, as on a server, its path was printed and that has to do. */
async function open(page: string): Promise<void> {
  try {
    await exec(['xdg-open', page]);
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'not-here') throw error;
    process.stderr.write('No browser can be started from here: xdg-open is not installed.\n');
  }
}
