import { gapsOf } from './gaps.ts';
import type { HistoryIndex } from './history-index.ts';
import { mergeSpans, spanOf, type Span } from './spans.ts';

/** What was waiting while the harness stood still is recorded within this time after it went on. */
const catchUpMs = 100;

/** By how much what was recorded at a time may have happened earlier, in milliseconds: the harness, or its machine, stood still meanwhile. */
export function latenessOf(index: HistoryIndex): (atMs: number) => number {
  const stalls = mergeSpans<Span>(gapsOf(index, ['harness', 'processors', 'steal']), catchUpMs, spanOf);
  return (atMs) => {
    const stall = stalls.find(({ startMs, endMs }) => startMs <= atMs && atMs <= endMs + catchUpMs);
    return stall === undefined ? 0 : atMs - stall.startMs;
  };
}

/** How long something lasted between two times of the recorder, with what its stalls leave open. */
export interface Lasted {
  readonly lowerMs: number;
  readonly upperMs: number;
}

export function lasted(startMs: number, endMs: number, lateness: (atMs: number) => number): Lasted {
  return {
    lowerMs: Math.max(0, endMs - lateness(endMs) - startMs),
    upperMs: endMs - startMs + lateness(startMs),
  };
}
