import { mean } from 'simple-statistics';

import { changePoints } from './change-points.ts';
import { formatValue } from './format.ts';
import type { Point, Series } from './series.ts';

export interface Trend {
  readonly guarantee: string;
  readonly name: string;
  readonly unit: Series['unit'];
  readonly runs: number;
  /** The runs with which the level changed. */
  readonly changes: readonly {
    readonly run: string;
    readonly commit: string;
    readonly from: number;
    readonly to: number;
  }[];
  readonly sentence: string;
}

const meanOf = (points: readonly Point[]): number => mean(points.map(({ value }) => value));

/** How a figure went over its runs, and where its level changed. */
export function trendOf({ guarantee, name, unit, points, withoutValue }: Series): Trend {
  const value = (amount: number): string => formatValue(amount, unit);
  const title = `${guarantee}: ${name}`;
  const without =
    withoutValue === 0 ? '' : `; ${String(withoutValue)} more ${withoutValue === 1 ? 'does' : 'do'} not tell`;
  const base = { guarantee, name, unit, runs: points.length };
  const last = points.at(-1);
  if (last === undefined)
    return {
      ...base,
      changes: [],
      sentence: `${title}: ${String(withoutValue)} ${withoutValue === 1 ? 'run' : 'runs'}, and none of them tells`,
    };
  const edges = [0, ...changePoints(points.map((point) => point.value)), points.length];
  const levels = edges.slice(1).map((to, index) => points.slice(edges[index], to));
  const changes = levels.slice(1).flatMap((level, index) => {
    const [first] = level;
    if (first === undefined) return [];
    return [{ run: first.run.id, commit: first.run.commit, from: meanOf(levels[index] ?? []), to: meanOf(level) }];
  });
  const newest = changes.at(-1);
  const level =
    newest === undefined
      ? `${value(meanOf(points))} on average over ${String(points.length)} ${points.length === 1 ? 'run' : 'runs'}`
      : `changed from ${value(newest.from)} to ${value(newest.to)} with run ${newest.run} (commit ${newest.commit}), ${String((levels.at(-1) ?? []).length)} runs ago`;
  return { ...base, changes, sentence: `${title}: ${level}; the last ${value(last.value)}${without}` };
}
