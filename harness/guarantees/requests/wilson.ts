/** The standard normal quantile of a two-sided 95 % interval. */
export const z95 = 1.96;

/**
 * The 95 % interval of a share of which `part` of `whole` samples were seen (E. B. Wilson, 1927): unlike the plain one it
 * says something of no failure at all. It takes samples as independent; failures in one outage are not, and it is then too narrow.
 */
export function wilson(part: number, whole: number): { readonly lower: number; readonly upper: number } {
  if (whole === 0) return { lower: 0, upper: 1 };
  const share = part / whole;
  const square = z95 ** 2 / whole;
  const middle = share + square / 2;
  const spread = z95 * Math.sqrt((share * (1 - share) + square / 4) / whole);
  const lower = part === 0 ? 0 : (middle - spread) / (1 + square);
  const upper = part === whole ? 1 : (middle + spread) / (1 + square);
  return { lower, upper };
}
