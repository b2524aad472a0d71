import { resolve } from 'node:path';

import { Command } from 'commander';

import { exitCode } from '../model/verdict.ts';
import { examples } from './examples.ts';
import { printJson } from './print.ts';

export function judgeCommand(): Command {
  return new Command('judge')
    .description('Judge a stored run again with the judges of this version; needs no cluster, changes no file')
    .argument('<directory>', 'the directory of a run, such as runs/ID')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      examples(['shakedown judge runs/ID', 'the exit code is that of the new verdicts: 0, 1, 2 or 3']),
    )
    .action(async (directory: string, flags: { readonly json?: boolean }) => {
      const { catalogue } = await import('./catalogue.ts');
      const { judgeRun } = await import('../run/index.ts');
      const { showVerdicts } = await import('./show-verdicts.ts');
      const report = judgeRun(resolve(directory), catalogue);
      process.exitCode = exitCode(report.outcome);
      if (flags.json === true) printJson(report);
      else showVerdicts(report, resolve(directory));
    });
}
