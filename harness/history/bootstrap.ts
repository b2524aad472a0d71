import { mean, quantileSorted, sampleVariance } from 'simple-statistics';

import type { Random } from '../model/fault.ts';

export interface Interval {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}

const resamples = 2_000;

/** The standard error of the difference of two means, without assuming equal variances (Welch 1947). */
const errorOf = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(sampleVariance([...a]) / a.length + sampleVariance([...b]) / b.length);

/**
 * The difference of the means, b - a, with its 95 % interval by the bootstrap-t method (Efron and Tibshirani, An
 * Introduction to the Bootstrap, 1993, section 12.5): the data is resampled, and the error of each resampled difference is
 * measured in its own standard errors. Unlike plain percentiles it does not come out too narrow for few runs.
 * @param a at least two values, and so for b
 */
export function differenceOfMeans(a: readonly number[], b: readonly number[], random: Random): Interval {
  const difference = mean([...b]) - mean([...a]);
  const error = errorOf(a, b);
  if (error === 0) return { difference, lower: difference, upper: difference };
  const resample = (values: readonly number[]): number[] =>
    values.map(() => values[random.below(values.length)] as number);
  const scores: number[] = [];
  for (let attempt = 0; attempt < resamples; attempt += 1) {
    const [one, other] = [resample(a), resample(b)];
    const ownError = errorOf(one, other);
    // All values alike on both sides: such a resample has no error to measure in.
    if (ownError > 0) scores.push((mean(other) - mean(one) - difference) / ownError);
  }
  scores.sort((x, y) => x - y);
  const score = (share: number): number => quantileSorted(scores, share);
  return { difference, lower: difference - score(0.975) * error, upper: difference - score(0.025) * error };
}
