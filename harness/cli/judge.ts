import { resolve } from 'node:path';

import { Command } from 'commander';

import { exitCode } from '../model/verdict.ts';
import { examples } from './examples.ts';
import { printJson } from './print.ts';
import { promisingOf } from './promising.ts';

export function judgeCommand(): Command {
  return new Command('judge')
    .description('Judge a stored run again with the judges of this version; needs no cluster, changes no file')
    .argument('<directory>', 'the directory of a run, such as runs/ID')
    .option('--bia <file>', 'judge the promises of this business impact analysis (YAML or JSON)')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown judge runs/ID', 'the exit code is that of the new verdicts: 0, 1, 2 or 3'],
        ['shakedown judge runs/ID --bia examples/bia.yaml', 'against what the business needs'],
      ),
    )
    .action(async (directory: string, flags: { readonly bia?: string; readonly json?: boolean }) => {
      const { catalogue } = await import('./catalogue.ts');
      const { judgeRun } = await import('../run/index.ts');
      const { showVerdicts } = await import('./show-verdicts.ts');
      const promising = flags.bia === undefined ? undefined : await promisingOf(flags.bia);
      const report = judgeRun(resolve(directory), catalogue, promising);
      process.exitCode = exitCode(report.outcome);
      if (flags.json === true) printJson(report);
      else showVerdicts(report, resolve(directory));
    });
}
