import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command } from 'commander';

import { compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import { downCommand } from './down.ts';
import { haltCommand } from './halt.ts';
import { healCommand } from './heal.ts';
import { historyCommand } from './history.ts';
import { judgeCommand } from './judge.ts';
import { kubectlCommand } from './kubectl.ts';
import { listCommand } from './list.ts';
import { nodeCommand } from './node.ts';
import { root } from '../util/paths.ts';
import { planCommand } from './plan.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';
import { toolchainCommand } from './toolchain.ts';
import { tourCommand } from './tour.ts';
import { upCommand } from './up.ts';

const groups: readonly (readonly [string, readonly (() => Command)[]])[] = [
  [
    'Runs:',
    [tourCommand, listCommand, planCommand, runCommand, judgeCommand, reportCommand, historyCommand, compareCommand],
  ],
  ['Safety:', [healCommand, haltCommand, doctorCommand]],
  ['Clusters:', [upCommand, downCommand, statusCommand, kubectlCommand, nodeCommand, toolchainCommand]],
];

const epilogue = `
Exit codes: 0 every promise held, 1 one was violated, 2 it cannot be known, 3 the harness could not do its work
(a wrong command line, a machine that cannot, an interruption, something left unhealed).

Start with: shakedown tour`;

/** The whole command line. A wrong one throws a CommanderError instead of ending the process. */
export function buildProgram(): Command {
  const program = new Command('shakedown')
    .description('Proves that a Kubernetes platform keeps its promises while it is being broken.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print what there is to type')
    .commandsGroup('Help:')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', epilogue);
  for (const [heading, commands] of groups) {
    for (const make of commands) program.addCommand(make().helpGroup(heading));
  }
  inheritSettings(program);
  return program;
}

/** A command that was made apart does not know the program's settings; without them it would end the process itself. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}

function version(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version;
}
