import { Command } from 'commander';

import { exitCode } from '../model/verdict.ts';
import { examples } from './examples.ts';
import { runsDirectory } from '../util/paths.ts';
import { printJson, printLines } from './print.ts';
import { inSession } from './session.ts';

export function healCommand(): Command {
  return new Command('heal')
    .description('Undo what a killed run left broken, from its journal, and remove the cluster that was made for it')
    .argument('[run]', 'only this run; every run that died by default')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['shakedown heal', 'safe at any time: what is healed already stays as it is']))
    .action(async (run: string | undefined, flags: { readonly json?: boolean }) => {
      const { catalogue } = await import('./catalogue.ts');
      const { healRuns } = await import('../run/index.ts');
      const { healed, left } = await inSession(({ observer }) =>
        healRuns(catalogue, { runsDirectory: runsDirectory(), observer, ...(run === undefined ? {} : { run }) }),
      );
      if (left.length > 0) process.exitCode = exitCode('harness-error');
      if (flags.json === true) printJson({ healed, left });
      else if (healed.length + left.length === 0) printLines(['Nothing to heal: every run has healed what it broke.']);
      else printLines([...healed, ...left.map((sentence) => `LEFT: ${sentence}`)]);
    });
}
