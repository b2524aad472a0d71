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

/**
 * The times in which the ledger's writer was dead and what it had done was not heard. A gap after which it wrote again is
 * none: it says that all clients of a target were waiting, which is the target's doing and shows in its samples.
 */
export function ledgerGaps(index: HistoryIndex): GapEvent[] {
  let lastMs = -Infinity;
  for (const { action, startMs } of index.ops) if (action !== 'read' && startMs > lastMs) lastMs = startMs;
  return gapsOf(index, ['ledger']).filter(({ startMs }) => startMs >= lastMs);
}

const mostWords = 200;

/** What a probe said of its gap, cut where a program's last words go on and on. */
export const shortly = (because: string): string =>
  because.length <= mostWords ? because : `${because.slice(0, mostWords)} ...`;

/** Why a gap makes a verdict unknown. */
export function gapSentence({ probe, startMs, endMs, because }: GapEvent, faultMs: number): string {
  const when =
    startMs < faultMs
      ? `from ${formatMs(faultMs - startMs)} before the injection on`
      : `${formatMs(startMs - faultMs)} after the injection`;
  return `the probe ${probe} was blind for ${formatMs(endMs - startMs)}, ${when}: ${shortly(because)}`;
}
