/** A time from a beginning to an end, in milliseconds on the run's clock. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The span from the beginning of the first to the later end of both. */
export const spanOf = (a: Span, b: Span): Span => ({ startMs: a.startMs, endMs: Math.max(a.endMs, b.endMs) });

/**
 * Spans in the order of their beginnings, of which those that overlap, or lie no further apart than that, are one.
 * @param join makes one of two, the first of which begins earlier
 */
export function mergeSpans<T extends Span>(
  spans: readonly T[],
  apartMs: number,
  join: (earlier: T, later: T) => T,
): readonly T[] {
  const merged: T[] = [];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last !== undefined && span.startMs <= last.endMs + apartMs) merged[merged.length - 1] = join(last, span);
    else merged.push(span);
  }
  return merged;
}
