import { formatMs } from '../model/duration.ts';
import type { GapEvent } from '../model/history.ts';
import type { HistoryIndex } from './history-index.ts';

/** The gaps of some probes: `recorder` is also `recorder/Pod` when kinds are not told apart. */
export function gapsOf({ gaps }: HistoryIndex, probes: readonly string[]): GapEvent[] {
  return gaps.filter(({ probe }) => probes.includes(probe));
}

/** The gaps of the recorder that concern some kinds of objects and overlap a time. */
export function recorderGaps(index: HistoryIndex, kinds: readonly string[], fromMs: number, toMs: number): GapEvent[] {
  const probes = ['recorder', ...kinds.map((kind) => `recorder/${kind}`)];
  return gapsOf(index, probes).filter(({ startMs, endMs }) => endMs >= fromMs && startMs <= toMs);
}

/** Why a gap makes a verdict unknown. */
export const gapSentence = ({ probe, startMs, endMs, because }: GapEvent, faultMs: number): string =>
  `the probe ${probe} was blind for ${formatMs(endMs - startMs)}, ${formatMs(startMs - faultMs)} after the injection: ${because}`;
