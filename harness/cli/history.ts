import { Command } from 'commander';

import { HarnessError } from '../model/errors.ts';
import type { StoredFigure, StoredRun } from '../history/index.ts';
import { examples } from './examples.ts';
import { columns, outputWidth, printJson, printLines } from './print.ts';

interface Flags {
  readonly json?: boolean;
  readonly limit: number;
  readonly learn?: boolean;
}

export function historyCommand(): Command {
  return new Command('history')
    .description('What the stored runs measured: each run, how the figures went, which phase varies')
    .argument('[scenario]', 'only the runs of this one, with the trends of its figures')
    .option('--limit <runs>', 'how many runs to list, the newest', wholeNumber, 20)
    .option('--learn', 'propose limits from the runs that held')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown history', 'the last 20 runs, and what they measured'],
        ['shakedown history etcd-leader-loss', 'the same of one scenario, with its trends'],
        ['shakedown history etcd-leader-loss --learn', 'limits that its runs would have kept'],
      ),
    )
    .action(async (scenario: string | undefined, flags: Flags) => {
      const history = await import('../history/index.ts');
      const { openHistory } = await import('./open-history.ts');
      using store = openHistory();
      const runs = store.runs(scenario);
      if (runs.length === 0 && scenario !== undefined) refuse(scenario, store.runs());
      if (flags.learn === true && scenario === undefined)
        throw new HarnessError('bad-input', 'history --learn: expected the name of a scenario, found none', {
          hint: 'shakedown history SCENARIO --learn',
        });
      const series = scenario === undefined ? [] : history.seriesOf(runs);
      const learned = flags.learn === true ? history.learnLimits(series) : null;
      const trends = series.map(history.trendOf);
      const flakiness = scenario === undefined ? null : history.flakinessOf(runs);
      const listed = runs.slice(-flags.limit);
      if (flags.json === true) {
        printJson({ runs: listed, trends, flakiness, learned });
        return;
      }
      if (learned !== null) printLines(learned.map(({ sentence }) => sentence));
      else printLines(runLines(listed, history.formatValue));
      if (learned === null && flakiness !== null)
        printLines([
          '',
          ...series.filter(history.isCost).map((each) => history.trendOf(each).sentence),
          '',
          flakiness.sentence,
        ]);
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new HarnessError('bad-input', `history --limit: expected a whole number of at least 1, found '${text}'`);
  return Number(text);
}

function refuse(scenario: string, runs: readonly StoredRun[]): never {
  const known = [...new Set(runs.map((run) => run.scenario))].sort();
  throw new HarnessError(
    'unknown-name',
    `No run of the scenario '${scenario}' is stored; there are runs of ${known.join(', ') || 'none'}`,
    { hint: known.length === 0 ? 'shakedown tour' : 'shakedown history' },
  );
}

type Format = (value: number, unit: StoredFigure['unit']) => string;

function runLines(runs: readonly StoredRun[], format: Format): readonly string[] {
  if (runs.length === 0) return ['No runs are stored yet: shakedown tour makes one.'];
  const heads = columns(
    runs.map(({ id, outcome, commit }) => [id, outcome, commit]),
    Infinity,
    '',
  );
  return runs.flatMap(({ figures }, index) => {
    const main = mainFigures(figures).map((figure) => figureText(figure, format));
    return [heads[index] ?? '', ...(main.length === 0 ? [] : columns([[main.join('; ')]], outputWidth(), '    '))];
  });
}

/** Of each promise the first figure that has a limit: the one that it is about. */
function mainFigures(figures: readonly StoredFigure[]): readonly StoredFigure[] {
  const limited = figures.filter(({ limit }) => limit !== null);
  return [...Map.groupBy(limited, ({ guarantee }) => guarantee).values()].flatMap((some) => some.slice(0, 1));
}

function figureText({ guarantee, name, unit, lower, upper, status }: StoredFigure, format: Format): string {
  const low = lower === null ? '?' : format(lower, unit);
  const high = upper === null ? 'unbounded' : format(upper, unit);
  const value = lower !== null && lower === upper ? low : `${low} to ${high}`;
  return `${guarantee}: ${name} ${value}${status === 'held' ? '' : ` (${status})`}`;
}
