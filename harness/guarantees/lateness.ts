import { gapsOf } from './gaps.ts';
import type { HistoryIndex } from './history-index.ts';

/** What was waiting while the harness stood still is recorded within this time after it went on. */
const catchUpMs = 100;

/** By how much what was recorded at a time may have happened earlier, in milliseconds: the harness stood still meanwhile. */
export function latenessOf(index: HistoryIndex): (atMs: number) => number {
  const stalls = gapsOf(index, ['harness']);
  return (atMs) => {
    let late = 0;
    for (const { startMs, endMs } of stalls)
      if (startMs <= atMs && atMs <= endMs + catchUpMs) late = Math.max(late, atMs - startMs);
    return late;
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
