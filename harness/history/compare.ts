import type { Random } from '../model/fault.ts';
import { differenceOfMeans, type Interval } from './bootstrap.ts';
import { formatValue } from './format.ts';
import { isCost, seriesOf, type Series } from './series.ts';
import type { StoredRun } from './store.ts';

/** From fewer runs on a side no interval is drawn: their spread is not known. */
export const leastRuns = 5;

export interface ComparedFigure {
  readonly scenario: string;
  readonly guarantee: string;
  readonly name: string;
  readonly unit: Series['unit'];
  /** How many runs on each side have a value. */
  readonly runs: readonly [number, number];
  /** The second side less the first; null with too few runs. */
  readonly interval: Interval | null;
  readonly result: 'worse' | 'better' | 'higher' | 'lower' | 'same' | 'no difference' | 'too few runs';
  readonly sentence: string;
}

export interface Comparison {
  readonly figures: readonly ComparedFigure[];
  /** Scenarios and figures that only one side has. */
  readonly onlyOne: readonly string[];
  readonly method: string;
}

const method =
  '95 % intervals of the difference of means by the bootstrap-t method, 2000 resamples, seeded; values are the middles of the measured intervals';

const keyOf = ({ guarantee, name, unit }: Series): string => `${guarantee}: ${name} (${unit})`;

/** Every figure that both sides measured in the same scenario: how much the second side differs from the first. */
export function compareRuns(first: readonly StoredRun[], second: readonly StoredRun[], random: Random): Comparison {
  const scenarios = [...new Set([...first, ...second].map(({ scenario }) => scenario))].sort();
  const figures: ComparedFigure[] = [];
  const onlyOne: string[] = [];
  for (const scenario of scenarios) {
    const of = (runs: readonly StoredRun[]): Map<string, Series> =>
      new Map(seriesOf(runs.filter((run) => run.scenario === scenario)).map((series) => [keyOf(series), series]));
    const [before, after] = [of(first), of(second)];
    for (const [key, series] of before) {
      const other = after.get(key);
      if (other === undefined) onlyOne.push(`${scenario}, ${key}: only in the first`);
      else figures.push(compareSeries(scenario, series, other, random.fork(`${scenario}/${key}`)));
    }
    for (const key of after.keys()) if (!before.has(key)) onlyOne.push(`${scenario}, ${key}: only in the second`);
  }
  return { figures, onlyOne, method };
}

function compareSeries(scenario: string, before: Series, after: Series, random: Random): ComparedFigure {
  const { guarantee, name, unit } = after;
  const values = ({ points }: Series): number[] => points.map(({ value }) => value);
  const runs = [before.points.length, after.points.length] as const;
  const base = { scenario, guarantee, name, unit, runs };
  const title = `${guarantee}: ${name}`;
  if (Math.min(...runs) < leastRuns) {
    const sentence = `${title} cannot be compared: ${tooFew(runs)}`;
    return { ...base, interval: null, result: 'too few runs', sentence };
  }
  const interval = differenceOfMeans(values(before), values(after), random);
  const result = resultOf(interval, isCost(after));
  return { ...base, interval, result, sentence: `${title} ${words(interval, result, unit)}, ${runsText(runs)}` };
}

/** A comparison for people: figures with too few runs share a line. */
export function comparisonLines({ figures, onlyOne, method: how }: Comparison): readonly string[] {
  const several = new Set(figures.map(({ scenario }) => scenario)).size > 1;
  const told = (scenario: string, sentence: string): string => (several ? `${scenario}, ${sentence}` : sentence);
  const compared = figures.filter(({ interval }) => interval !== null);
  const few = Map.groupBy(
    figures.filter(({ interval }) => interval === null),
    ({ scenario, runs }) => `${scenario}/${runs.join('/')}`,
  );
  const fewLines = [...few.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    if (others.length === 0) return [told(first.scenario, first.sentence)];
    return [told(first.scenario, `${String(others.length + 1)} figures cannot be compared: ${tooFew(first.runs)}`)];
  });
  const lines = [...compared.map(({ scenario, sentence }) => told(scenario, sentence)), ...fewLines];
  if (figures.length === 0) lines.push('The two sides have no figure of the same scenario in common.');
  return [...lines, ...onlyOne, ...(compared.length === 0 ? [] : ['', how])];
}

const tooFew = ([a, b]: readonly [number, number]): string =>
  `${String(a)} and ${String(b)} runs have a value, ${String(leastRuns)} are needed on each side`;

function resultOf({ difference, lower, upper }: Interval, costs: boolean): ComparedFigure['result'] {
  if (difference === 0 && lower === upper) return 'same';
  if (lower <= 0 && upper >= 0) return 'no difference';
  if (costs) return difference > 0 ? 'worse' : 'better';
  return difference > 0 ? 'higher' : 'lower';
}

function words({ difference, lower, upper }: Interval, result: ComparedFigure['result'], unit: Series['unit']): string {
  const value = (amount: number): string => formatValue(amount, unit);
  if (result === 'same') return 'is the same in every run';
  if (result === 'no difference')
    return `shows no difference: ${value(difference)}, 95 % interval ${value(lower)} to ${value(upper)}`;
  const sizes = [Math.abs(lower), Math.abs(upper)].sort((a, b) => a - b).map(value);
  return `is ${result} by ${value(Math.abs(difference))}, 95 % interval ${sizes.join(' to ')}`;
}

const runsText = ([a, b]: readonly [number, number]): string =>
  a === b ? `${String(a)} runs each` : `${String(a)} and ${String(b)} runs`;
