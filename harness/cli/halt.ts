import { Command } from 'commander';

import { examples } from './examples.ts';
import { runsDirectory } from '../util/paths.ts';
import { printJson, printLines } from './print.ts';

export function haltCommand(): Command {
  return new Command('halt')
    .description('Stop every run in progress on this machine: each heals what it broke and reports')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['shakedown halt', 'the emergency stop, from any terminal']))
    .action(async (flags: { readonly json?: boolean }) => {
      const { haltRuns } = await import('../run/index.ts');
      const halted = await haltRuns(runsDirectory());
      if (flags.json === true) printJson({ halted });
      else if (halted.length === 0) printLines(['No run is in progress.']);
      else printLines(halted.map((id) => `${id} has healed and stopped.`));
    });
}
