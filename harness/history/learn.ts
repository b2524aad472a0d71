import { quantile } from 'simple-statistics';

import { formatValue } from './format.ts';
import { isCost, type Series } from './series.ts';

/** A limit that fewer runs propose would be broken by chance too often: of 20, one is beyond the 95th percentile. */
export const leastLearningRuns = 20;
/** What is added to the 95th percentile. */
export const marginPercent = 20;

export interface LearnedLimit {
  readonly guarantee: string;
  readonly name: string;
  readonly unit: Series['unit'];
  readonly runs: number;
  /** The limit that is proposed; null with too few runs. */
  readonly proposed: number | null;
  readonly sentence: string;
}

/** Upwards to two digits: a limit is a round number. */
function roundUp(value: number): number {
  if (value <= 0) return 0;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
}

/**
 * Limits as the stored runs would have kept them: the 95th percentile of the upper bounds and a fifth more. Only runs that
 * held everything teach: a limit learned from bad runs would allow them.
 */
export function learnLimits(series: readonly Series[]): readonly LearnedLimit[] {
  return series.filter(isCost).map(({ guarantee, name, unit, limit, points }) => {
    const uppers = points.filter(({ run }) => run.outcome === 'held').map(({ upper }) => upper);
    const base = { guarantee, name, unit, runs: uppers.length };
    const title = `${guarantee}: ${name}`;
    if (uppers.length < leastLearningRuns) {
      const sentence = `${title}: ${String(uppers.length)} runs held; a limit is learned from ${String(leastLearningRuns)} or more`;
      return { ...base, proposed: null, sentence };
    }
    const most = quantile(uppers, 0.95);
    const proposed = roundUp(most * (1 + marginPercent / 100));
    const now = limit === null ? '' : `; it is ${formatValue(limit, unit)} now`;
    const sentence = `${title}: ${formatValue(proposed, unit)} is proposed as limit: 95 % of ${String(uppers.length)} runs stayed within ${formatValue(most, unit)}, and ${String(marginPercent)} % are added${now}`;
    return { ...base, proposed, sentence };
  });
}
