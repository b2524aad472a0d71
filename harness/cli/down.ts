import { Command } from 'commander';

import { formatMs } from '../model/duration.ts';
import { HarnessError } from '../model/errors.ts';
import { clusterName } from './clusters.ts';
import { examples } from './examples.ts';
import { printJson, printLines } from './print.ts';

interface DownFlags {
  readonly name?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function downCommand(): Command {
  return new Command('down')
    .description('Remove a cluster and everything of it, whatever state it is in')
    .argument('[name]', "the cluster's name; the only one by default")
    .option('--name <name>', 'the same as the argument')
    .option('--all', 'remove every cluster of this machine')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown down', 'the only cluster there is'],
        ['shakedown down mine', 'the one of that name; nothing to do is no error'],
        ['shakedown down --all', 'all of them'],
      ),
    )
    .action(down);
}

async function down(argument: string | undefined, flags: DownFlags): Promise<void> {
  const { localProvider } = await import('../cluster/local/index.ts');
  const provider = localProvider();
  const named = argument ?? flags.name;
  if (named !== undefined && flags.all === true)
    throw new HarnessError('bad-input', `down: expected either a name or --all, found '${named}' and --all`);
  const names = flags.all === true ? await provider.list() : [await clusterName(named)];
  const startMs = performance.now();
  for (const name of names) await provider.remove(name);
  const tookMs = performance.now() - startMs;
  if (flags.json === true) printJson({ removed: names, tookMs: Math.round(tookMs) });
  else
    printLines([names.length === 0 ? 'No cluster is running.' : `Removed ${names.join(', ')} in ${formatMs(tookMs)}.`]);
}

if (import.meta.main) await downCommand().parseAsync();
