import type { HistoryIndex } from './history-index.ts';

/** When the watches ended: what is written after the drain begins says nothing of the cluster. */
export function recordingEnd({ phases, endMs }: HistoryIndex): number {
  const drain = phases.find(({ phase, state }) => phase === 'drain' && state === 'started');
  return drain?.atMs ?? endMs;
}
