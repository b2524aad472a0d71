/** That a target was hit, as somebody saw it. */
export interface Sign {
  readonly target: string;
  /** On the harness's clock. */
  readonly atMs: number;
}

/**
 * The time between the first and the last target that was hit, each by its first sign, in milliseconds.
 * Null with fewer than two targets, or when one of them gave no sign.
 */
export function skewOf(targets: readonly string[], signs: readonly Sign[]): number | null {
  const firsts = targets.map((target) =>
    Math.min(...signs.filter((sign) => sign.target === target).map(({ atMs }) => atMs)),
  );
  if (firsts.length < 2 || firsts.some((atMs) => !Number.isFinite(atMs))) return null;
  return Math.max(...firsts) - Math.min(...firsts);
}
