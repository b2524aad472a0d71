import { Command } from 'commander';

import { exitCode, worst, type Outcome } from '../model/verdict.ts';
import { examples } from './examples.ts';
import { run } from './run.ts';

/** The scenarios that show, one after the other, what this project does. */
export const tourScenarios = ['etcd-leader-loss', 'node-power-loss'] as const;

export function tourCommand(): Command {
  return new Command('tour')
    .description('The first run to try: everything once, from an empty machine to a report')
    .addHelpText(
      'after',
      examples(['shakedown tour', 'the same as `npm start`'], ['shakedown report --open', 'looks at what it found']),
    )
    .action(async () => {
      const outcomes: Outcome[] = [];
      for (const name of tourScenarios) outcomes.push((await run(name, {})).outcome);
      process.exitCode = exitCode(worst(outcomes));
    });
}
