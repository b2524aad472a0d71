import { Command, Option } from 'commander';

import { seeded } from '../util/random.ts';
import type { SelectBy } from '../history/index.ts';
import { examples } from './examples.ts';
import { printJson, printLines } from './print.ts';

/** The intervals come from random resamples: the same runs give the same intervals. */
const comparisonSeed = 1;

export function compareCommand(): Command {
  return new Command('compare')
    .description('What the second runs measured against the first, with a 95 % interval for each difference')
    .argument('<first>', 'a run, label, commit, version or seed; SCENARIO@ before it keeps to one scenario')
    .argument('<second>', 'the same, of the runs that are held against the first')
    .addOption(new Option('--by <what>', 'what the names are').choices(['label', 'commit', 'version', 'seed']))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown compare slow-disk fast-disk', 'all runs with these labels (shakedown run --label)'],
        ['shakedown compare 4f2a91c 9b03e77', 'all runs of two commits'],
        ['shakedown compare etcd-leader-loss@0.1.0 etcd-leader-loss@0.2.0', 'one scenario in two versions'],
        ['shakedown compare --by seed 7 8', 'all runs of two seeds'],
      ),
    )
    .action(async (first: string, second: string, flags: { readonly by?: SelectBy; readonly json?: boolean }) => {
      const { compareRuns, comparisonLines, selectRuns } = await import('../history/index.ts');
      const { openHistory } = await import('./open-history.ts');
      using store = openHistory();
      const runs = store.runs();
      const [one, other] = [first, second].map((name) => selectRuns(runs, name, flags.by));
      const comparison = compareRuns(one ?? [], other ?? [], seeded(comparisonSeed));
      if (flags.json === true) printJson({ first: idsOf(one), second: idsOf(other), ...comparison });
      else printLines(comparisonLines(comparison));
    });
}

const idsOf = (runs: readonly { readonly id: string }[] | undefined): readonly string[] =>
  (runs ?? []).map(({ id }) => id);
