import type { StoredFigure, StoredRun } from './store.ts';

/** One value of one figure, and the run that measured it. */
export interface Point {
  readonly run: StoredRun;
  readonly value: number;
  readonly upper: number;
}

/** One figure over several runs, oldest first. */
export interface Series {
  readonly guarantee: string;
  readonly name: string;
  readonly unit: StoredFigure['unit'];
  /** The limit of the newest run. */
  readonly limit: number | null;
  readonly points: readonly Point[];
  /** Runs whose judge could not tell, or whose figure had no upper bound: they are not among the points. */
  readonly withoutValue: number;
}

/** The figures of some runs of one scenario. What an `unknown` promise measured is not counted as measured. */
export function seriesOf(runs: readonly StoredRun[]): readonly Series[] {
  const all = runs.flatMap((run) => run.figures.map((figure) => ({ run, figure })));
  const byName = Map.groupBy(all, ({ figure }) => `${figure.guarantee}\0${figure.name}\0${figure.unit}`);
  return [...byName.values()].flatMap((entries) => {
    const newest = entries.at(-1)?.figure;
    if (newest === undefined) return [];
    const points = entries.flatMap(({ run, figure: { midpoint, upper, status } }) =>
      midpoint === null || upper === null || status === 'unknown' ? [] : [{ run, value: midpoint, upper }],
    );
    const { guarantee, name, unit, limit } = newest;
    return [{ guarantee, name, unit, limit, points, withoutValue: entries.length - points.length }];
  });
}

/** Whether more of it is worse: of times, and of whatever has a limit. Of other counts nobody has said so. */
export const isCost = ({ unit, limit }: Pick<Series, 'unit' | 'limit'>): boolean => unit === 'ms' || limit !== null;
