import type { HistoryIndex } from '../history-index.ts';
import { findOutages, servedSamples } from './outages.ts';
import { steadyPart, steadySamples, type SteadyTime } from './steady.ts';
import type { Stream } from './stream.ts';

/** A time in which the control target, which never touches the cluster, was not served or not watched. */
export interface Stall {
  readonly startMs: number;
  readonly endMs: number;
}

/** A control answer comes from beside the client: this late means that the harness's machine stalled. */
const controlFloorMs = 100;

/** The harness's stalls after the fault, merged and in order; null when no control target was measured. */
export function stallsOf(
  controls: readonly Stream[],
  { gaps }: HistoryIndex,
  time: SteadyTime,
): readonly Stall[] | null {
  const { faultMs } = time;
  const stalls: Stall[] = [];
  let measured = false;
  for (const stream of controls) {
    const steady = steadyPart(stream, time, controlFloorMs, Infinity);
    if (steady.samples < steadySamples) continue;
    measured = true;
    const served = servedSamples(stream, steady.slowMs);
    // One good answer ends a stall: each is counted by itself, for as long as it can have lasted.
    for (const outage of findOutages(stream, served, steady, faultMs, { ms: 0, samples: 1 }).list) {
      const endMs = outage.recoveredMs ?? stream.ends[outage.last] ?? outage.lastBadMs;
      stalls.push({ startMs: outage.firstBadMs, endMs: Math.max(outage.firstBadMs, endMs) });
    }
  }
  if (!measured) return null;
  for (const { probe, startMs, endMs } of gaps)
    if (probe === 'control' && endMs > faultMs) stalls.push({ startMs, endMs });
  return merge(stalls);
}

function merge(stalls: Stall[]): Stall[] {
  const merged: Stall[] = [];
  for (const stall of stalls.sort((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last !== undefined && stall.startMs <= last.endMs)
      merged[merged.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, stall.endMs) };
    else merged.push(stall);
  }
  return merged;
}

/** How much of a time the stalls cover, in milliseconds. */
export function overlapMs(stalls: readonly Stall[], startMs: number, endMs: number): number {
  return stalls.reduce(
    (sum, stall) => sum + Math.max(0, Math.min(stall.endMs, endMs) - Math.max(stall.startMs, startMs)),
    0,
  );
}
