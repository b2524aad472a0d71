/** A time in which something had less than its share of capacity; its true ends lie in [beganLoMs, beganHiMs] and [backLoMs, backHiMs]. */
export interface Loss {
  readonly beganLoMs: number;
  readonly beganHiMs: number;
  readonly backLoMs: number;
  /** Infinity while it is not back. */
  readonly backHiMs: number;
  /** What was lost, in words. */
  readonly what: readonly string[];
}

export const lowerOf = ({ beganHiMs, backLoMs }: Loss): number => Math.max(0, backLoMs - beganHiMs);
export const upperOf = ({ beganLoMs, backHiMs }: Loss): number => backHiMs - beganLoMs;

/**
 * Losses that are one: what is back for less than `sustainMs` before something is lost again was not back.
 * @returns them in order, from the first sign of a loss to the last thing that came back
 */
export function mergeLosses(losses: readonly Loss[], sustainMs: number): readonly Loss[] {
  const merged: Loss[] = [];
  for (const loss of [...losses].sort((a, b) => a.beganHiMs - b.beganHiMs)) {
    const last = merged.at(-1);
    if (last === undefined || loss.beganHiMs - last.backHiMs >= sustainMs) merged.push(loss);
    else
      merged[merged.length - 1] = {
        beganLoMs: Math.min(last.beganLoMs, loss.beganLoMs),
        beganHiMs: last.beganHiMs,
        backLoMs: Math.max(last.backLoMs, loss.backLoMs),
        backHiMs: Math.max(last.backHiMs, loss.backHiMs),
        what: [...new Set([...last.what, ...loss.what])],
      };
  }
  return merged;
}
