import { z95 } from './wilson.ts';

export interface Bounds {
  readonly lower: number;
  /** Infinity when there are too few values to know. */
  readonly upper: number;
}

/**
 * The 95 % interval of a percentile, of any distribution: the ranks between which it lies by the normal approximation of
 * the binomial (W. J. Conover, Practical Nonparametric Statistics, 3.2). 0 to Infinity of no values.
 */
export function percentileOf(values: readonly number[], percentile: number): Bounds {
  const sorted = Float64Array.from(values).sort();
  const share = percentile / 100;
  const middle = sorted.length * share;
  const spread = z95 * Math.sqrt(middle * (1 - share));
  return {
    lower: sorted[Math.floor(middle - spread) - 1] ?? 0,
    upper: sorted[Math.ceil(middle + spread)] ?? Infinity,
  };
}
