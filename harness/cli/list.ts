import { Argument, Command } from 'commander';

import { examples } from './examples.ts';
import { runsDirectory } from '../util/paths.ts';
import { columns, outputWidth, printJson, printLines } from './print.ts';

const kinds = ['scenarios', 'faults', 'guarantees', 'workloads'] as const;
type Kind = (typeof kinds)[number];

export function listCommand(): Command {
  return new Command('list')
    .description('What there is: scenarios, faults, guarantees and workloads; with --runs, the stored runs')
    .addArgument(new Argument('[what]', 'only these').choices(kinds))
    .option('--runs', 'the stored runs, oldest first')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown list', 'everything, each with a sentence'],
        ['shakedown list faults --json', 'the faults, for a program'],
        ['shakedown list --runs', 'what was run, and how it ended'],
      ),
    )
    .action(async (what: Kind | undefined, flags: { readonly runs?: boolean; readonly json?: boolean }) => {
      if (flags.runs === true) await listStored(flags.json === true);
      else await listKnown(what === undefined ? kinds : [what], flags.json === true);
    });
}

async function listKnown(wanted: readonly Kind[], json: boolean): Promise<void> {
  const { catalogue } = await import('./catalogue.ts');
  const { loadScenarios } = await import('./scenarios.ts');
  const { faults, guarantees, workloads } = catalogue;
  const scenarios = await loadScenarios();
  if (json) {
    const all = {
      scenarios,
      faults: faults.map(({ name, summary, needs, minimumHoldMs }) => ({ name, summary, needs, minimumHoldMs })),
      guarantees: guarantees.map(({ name, summary }) => ({ name, summary })),
      workloads: workloads.map(({ name, summary }) => ({ name, summary })),
    };
    printJson(Object.fromEntries(wanted.map((kind) => [kind, all[kind]])));
    return;
  }
  const all = { scenarios, faults, guarantees, workloads };
  for (const kind of wanted) {
    const rows = all[kind].map(({ name, summary }) => [name, summary]);
    printLines([`${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)}`, ...columns(rows, outputWidth()), '']);
  }
}

async function listStored(json: boolean): Promise<void> {
  const { listRuns } = await import('../run/index.ts');
  const runs = listRuns(runsDirectory());
  if (json) printJson(runs);
  else if (runs.length === 0) printLines([`No runs are stored in ${runsDirectory()} yet: shakedown tour makes one.`]);
  else
    printLines(
      columns(
        runs.map(({ id, startedAt, scenario, outcome }) => [id, startedAt, scenario, outcome]),
        outputWidth(),
      ),
    );
}
