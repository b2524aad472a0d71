import { spawnSync } from 'node:child_process';

import { Command } from 'commander';

import { HarnessError } from '../model/errors.ts';
import { attachTo } from './clusters.ts';
import { examples } from './examples.ts';
import { printLines } from './print.ts';

interface NodeFlags {
  readonly cluster?: string;
}

const clusterOption = ['--cluster <name>', 'which cluster; the only one by default'] as const;

export function nodeCommand(): Command {
  const command = new Command('node')
    .description('Look into a node, or work its power and its cable by hand')
    .addHelpText(
      'after',
      examples(
        ['shakedown node shell w1', 'a shell on the node: its processes, files and network'],
        ['shakedown node exec w1 -- nft list ruleset', 'one command there'],
        ['shakedown node off w1', 'a power cut; `node on w1` brings it back'],
        ['shakedown node unplug w1', 'takes its network cable out; `node plug w1` puts it back'],
      ),
    );
  command
    .command('shell')
    .description('open a shell on a node')
    .argument('<node>')
    .option(...clusterOption)
    .action((node: string, flags: NodeFlags) => run(node, ['bash', '-i'], flags));
  command
    .command('exec')
    .description('run one command on a node; put -- before it')
    .argument('<node>')
    .argument('<command...>')
    .option(...clusterOption)
    .action((node: string, argv: readonly string[], flags: NodeFlags) => run(node, argv, flags));
  addSwitches(command);
  return command;
}

/** The terminal belongs to the command until it ends. */
async function run(node: string, argv: readonly string[], { cluster }: NodeFlags): Promise<void> {
  const { localShellArgv } = await import('../cluster/local/index.ts');
  const [file = '', ...rest] = localShellArgv(await attachTo(cluster), node, argv);
  process.exitCode = spawnSync(file, rest, { stdio: 'inherit' }).status ?? 3;
}

function addSwitches(command: Command): void {
  const switches = {
    off: ['switch a node off at once, as a power cut does', 'off'],
    on: ['switch a node on', 'on'],
    unplug: ["take a node's network cable out", 'cutLink'],
    plug: ["put a node's network cable back", 'restoreLink'],
  } as const;
  for (const [name, [description, method]] of Object.entries(switches)) {
    command
      .command(name)
      .description(description)
      .argument('<node>')
      .option(...clusterOption)
      .action(async (node: string, { cluster }: NodeFlags) => {
        const power = (await attachTo(cluster)).power(node);
        await power[method]();
        const state = await power.state();
        if (method === 'on' && state.power !== 'on') throw new HarnessError('bug', `Node ${node} did not stay on`);
        printLines([`Node ${node}: power ${state.power}, link ${state.link}.`]);
      });
  }
}

if (import.meta.main) await nodeCommand().parseAsync();
