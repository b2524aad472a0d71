import type { Operation } from './operation.ts';
import { Search, type SearchResult } from './search.ts';
import { timelineOf } from './timeline.ts';

/**
 * Whether some order of the operations respects time and makes every answer right.
 * An order is mostly found at once where there is one. Where there is none, to try every use of the operations that never
 * ended can take for ever, so that after a first attempt they may be used again and again: no order then means none at all.
 * @param limit how many steps to search at most; the answer is `unknown` beyond
 */
export function checkRegister(operations: readonly Operation[], initial: number, limit: number): SearchResult {
  const timeline = timelineOf(operations, limit);
  const last = timeline.answers.at(-1)?.operation ?? null;
  if (!timeline.whole) return { status: 'unknown', steps: limit, at: last };
  const first = new Search(timeline, { limit: limit / 8, reusable: false }).run(initial);
  if (first.status !== 'unknown') return first;
  const relaxed = new Search(timeline, { limit: (limit * 3) / 8, reusable: true }).run(initial);
  const spent = first.steps + relaxed.steps;
  if (relaxed.status === 'illegal') return { ...relaxed, steps: spent };
  const exact = new Search(timeline, { limit: limit - spent, reusable: false }).run(initial);
  return { ...exact, steps: spent + exact.steps };
}
