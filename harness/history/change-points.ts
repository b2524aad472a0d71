import { median } from 'simple-statistics';

/** Fewer values than that on one side are no level of their own. */
export const leastSegment = 5;

/** For normal values, the standard deviation is this many median absolute deviations. */
const madToDeviation = 1.4826;

/** The spread of the values around their level, whatever steps the level takes: from the differences of neighbours. */
function noiseOf(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? 0)) / Math.SQRT2);
  if (steps.length === 0) return 0;
  return median(steps) * madToDeviation || Math.sqrt(steps.reduce((sum, step) => sum + step ** 2, 0) / steps.length);
}

/**
 * Where the level of a series changes: the index of the first value of each new level.
 *
 * Optimal partitioning (Jackson and others, IEEE Signal Processing Letters 12, 2005): of all ways to cut the series, the one
 * whose cost is least. The cost of a piece is its squared error over the variance; a change costs 3 log n, as in the modified
 * BIC of Zhang and Siegmund (Biometrics 63, 2007). It takes n^2 steps: a thousand runs take a few milliseconds.
 */
export function changePoints(values: readonly number[]): readonly number[] {
  const noise = noiseOf(values);
  if (values.length < 2 * leastSegment || noise === 0) return [];
  const penalty = 3 * Math.log(values.length);
  const sums = [0];
  const squares = [0];
  for (const [index, value] of values.entries()) {
    const scaled = value / noise;
    sums.push((sums[index] ?? 0) + scaled);
    squares.push((squares[index] ?? 0) + scaled ** 2);
  }
  const between = (of: readonly number[], from: number, to: number): number => (of[to] ?? 0) - (of[from] ?? 0);
  const cost = (from: number, to: number): number =>
    between(squares, from, to) - between(sums, from, to) ** 2 / (to - from);
  // For each length: the least cost of the series up to there, and where its last piece begins.
  const best: number[] = [-penalty];
  const begins: number[] = [0];
  for (let to = leastSegment; to <= values.length; to += 1) {
    best[to] = Infinity;
    for (let from = 0; from <= to - leastSegment; from += 1) {
      const total = (best[from] ?? Infinity) + cost(from, to) + penalty;
      if (total >= (best[to] ?? Infinity)) continue;
      best[to] = total;
      begins[to] = from;
    }
  }
  const changes: number[] = [];
  for (let at = begins[values.length] ?? 0; at > 0; at = begins[at] ?? 0) changes.unshift(at);
  return changes;
}
