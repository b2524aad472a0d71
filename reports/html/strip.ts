import type { Span } from './time-axis.ts';
import { type Markup, markup } from './markup.ts';

/** What happened in one bucket of time. */
export interface Tally {
  readonly ok: number;
  readonly failed: number;
}

const height = 10;
const baseline = 2;

/** One path for all neighbours of equal height: a run without failures is a single box. */
function boxes(heights: readonly number[]): string {
  const parts: string[] = [];
  for (let from = 0; from < heights.length;) {
    const tall = heights[from] ?? 0;
    let to = from + 1;
    while (to < heights.length && heights[to] === tall) to += 1;
    if (tall > 0) parts.push(`M${String(from)} ${String(height)}v-${String(tall)}H${String(to)}v${String(tall)}z`);
    from = to;
  }
  return parts.join('');
}

/** Half of the height at least for any failure at all, so that one in a thousand shows. */
function failedHeight({ ok, failed }: Tally): number {
  return failed === 0 ? 0 : Math.round((0.5 + (0.5 * failed) / (ok + failed)) * height * 10) / 10;
}

/**
 * Availability as a strip: a low line where all was answered, bars where something failed, nothing where nothing was
 * sent. Height carries what colour carries.
 */
export function strip(buckets: readonly Tally[], covered: Span, span: Span): Markup {
  const length = span.endMs - span.startMs;
  const left = ((covered.startMs - span.startMs) / length) * 100;
  const width = ((covered.endMs - covered.startMs) / length) * 100;
  const good = boxes(buckets.map(({ ok, failed }) => (ok > 0 && failed === 0 ? baseline : 0)));
  const bad = boxes(buckets.map(failedHeight));
  return markup`<svg class="strip" style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%" viewBox="0 0 ${buckets.length} ${height}" preserveAspectRatio="none" aria-hidden="true"><path class="ok" d="${good}"/><path class="bad" d="${bad}"/></svg>`;
}
