import type { Operation } from './operation.ts';
import { Search, type SearchResult } from './search.ts';
import { timelineOf } from './timeline.ts';

/** The first answer that found a value which no operation until then can have made; it needs no search. */
function madeByNobody(operations: readonly Operation[], initial: number): Operation | null {
  const sinceMs = new Map([[initial, -Infinity]]);
  for (const { kind, makes, startMs } of operations)
    if (kind !== 'read') sinceMs.set(makes, Math.min(startMs, sinceMs.get(makes) ?? Infinity));
  const wrong = operations.filter(
    ({ kind, needs, endMs }) => kind !== 'write' && endMs !== Infinity && (sinceMs.get(needs) ?? Infinity) > endMs,
  );
  return wrong.sort((a, b) => a.endMs - b.endMs)[0] ?? null;
}

/**
 * Whether some order of the operations respects time and makes every answer right.
 * An order is mostly found at once where there is one. Where there is none, to try every use of the operations that never
 * ended can take for ever, so that after a first attempt they may be used again and again: no order then means none at all.
 * @param limit how many steps to search at most; the answer is `unknown` beyond
 */
export function checkRegister(operations: readonly Operation[], initial: number, limit: number): SearchResult {
  const wrong = madeByNobody(operations, initial);
  if (wrong !== null) return { status: 'illegal', steps: 0, at: wrong };
  const timeline = timelineOf(operations, limit);
  const last = timeline.answers.at(-1)?.operation ?? null;
  if (!timeline.whole) return { status: 'unknown', steps: limit, at: last };
  const first = new Search(timeline, { limit: limit / 40, reusable: false }).run(initial);
  if (first.status !== 'unknown') return first;
  const relaxed = new Search(timeline, { limit: limit / 3, reusable: true }).run(initial);
  const spent = first.steps + relaxed.steps;
  if (relaxed.status === 'illegal') return { ...relaxed, steps: spent };
  const exact = new Search(timeline, { limit: limit - spent, reusable: false }).run(initial);
  return { ...exact, steps: spent + exact.steps };
}
