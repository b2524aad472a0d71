import { formatMs } from '../../model/duration.ts';
import type { HistoryIndex } from '../history-index.ts';
import { mergeSpans, spanOf, type Span } from '../spans.ts';
import { findOutages, servedSamples } from './outages.ts';
import { steadyPart, steadySamples, type SteadyTime } from './steady.ts';
import type { Stream } from './stream.ts';

/** What shows that the harness's machine stalled, by the probe that says so. */
const causes = {
  control: 'the control target, which never touches the cluster, failed',
  processors: "the processors of this machine, which are the nodes' too, had nothing left",
  steal: 'other machines took processors of this one away',
  names: "the client's machine could not look up names",
} as const;
type Cause = keyof typeof causes;
const isCause = (probe: string): probe is Cause => Object.hasOwn(causes, probe);

/** A time in which what failed can be the doing of the harness's machine. */
export interface Stall extends Span {
  readonly shownBy: readonly Cause[];
}

/** A control answer comes from beside the client: this late means that the harness's machine stalled. */
const controlFloorMs = 100;

/** Look-ups that failed no further apart than this failed in between as well. */
const namelessMs = 1_000;

/** The harness's stalls after the fault, merged and in order. */
export function stallsOf(
  controls: readonly Stream[],
  { gaps, unnamed }: HistoryIndex,
  time: SteadyTime,
): readonly Stall[] {
  const { faultMs } = time;
  const stalls: Stall[] = [];
  for (const stream of controls) {
    const steady = steadyPart(stream, time, controlFloorMs, Infinity);
    if (steady.samples < steadySamples) continue;
    const served = servedSamples(stream, steady.slowMs);
    // One good answer ends a stall: each is counted by itself, for as long as it can have lasted.
    for (const outage of findOutages(stream, served, steady, faultMs, { ms: 0, samples: 1 }).list) {
      const endMs = outage.recoveredMs ?? stream.ends[outage.last] ?? outage.lastBadMs;
      stalls.push({ startMs: outage.firstBadMs, endMs: Math.max(outage.firstBadMs, endMs), shownBy: ['control'] });
    }
  }
  for (const { probe, startMs, endMs } of gaps)
    if (isCause(probe) && endMs > faultMs) stalls.push({ startMs, endMs, shownBy: [probe] });
  for (const { startMs, endMs } of mergeSpans(unnamed, namelessMs, spanOf))
    if (endMs > faultMs) stalls.push({ startMs, endMs, shownBy: ['names'] });
  return mergeSpans(stalls, 0, joined);
}

const joined = (a: Stall, b: Stall): Stall => ({
  ...spanOf(a, b),
  shownBy: [...new Set([...a.shownBy, ...b.shownBy])],
});

/** How much of a time the stalls cover, in milliseconds. */
export function overlapMs(stalls: readonly Stall[], startMs: number, endMs: number): number {
  return stalls.reduce(
    (sum, stall) => sum + Math.max(0, Math.min(stall.endMs, endMs) - Math.max(stall.startMs, startMs)),
    0,
  );
}

/** Why so much of a time is not held against the system: `the control target ... failed for 2.70 s`. */
export function excuseOf(stalls: readonly Stall[], startMs: number, endMs: number): string {
  const shared = stalls.filter((stall) => overlapMs([stall], startMs, endMs) > 0);
  const shown = new Set(shared.flatMap(({ shownBy }) => shownBy).sort());
  return `${[...shown].map((cause) => causes[cause]).join(' or ')} for ${formatMs(overlapMs(shared, startMs, endMs))}`;
}
