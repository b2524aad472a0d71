import type { Stream } from './stream.ts';

/** How a stream behaved before the first fault: what "as before" means for it. */
export interface Steady {
  readonly samples: number;
  /** The share of good answers in time. */
  readonly ratio: number;
  readonly p99Ms: number;
  /** A good answer later than this does not count as served. */
  readonly slowMs: number;
}

/** How far back before the fault the steady part reaches. */
const reachMs = 10_000;
/** The fewest samples that say something. */
export const steadySamples = 20;
/** Lateness of a request below this is a busy machine; a lost packet costs at least 200 ms (Linux's least retransmission timeout). */
export const requestFloorMs = 100;
/** Below this share of good answers a path was never steady. */
export const steadyRatio = 0.99;

/** The time in which a stream is steady: from the opening of the steady gate to the fault. */
export interface SteadyTime {
  readonly steadyMs: number;
  readonly faultMs: number;
}

/**
 * The steady part: samples that lie in the steady time, at most 10 s before the fault.
 * @param floorMs the least slow limit: below it, lateness is a busy machine and no outage
 * @param ceilingMs the most: an answer that takes longer than the promise allows for an outage is not served
 */
export function steadyPart(
  stream: Stream,
  { steadyMs, faultMs }: SteadyTime,
  floorMs: number,
  ceilingMs: number,
): Steady {
  const fromMs = Math.max(steadyMs, faultMs - reachMs);
  const latencies: number[] = [];
  let samples = 0;
  for (let index = 0; index < stream.starts.length; index += 1) {
    const start = stream.starts[index] ?? 0;
    if (start >= faultMs) break;
    const end = stream.ends[index] ?? 0;
    if (start < fromMs || end > faultMs) continue;
    samples += 1;
    if (stream.oks[index] === 1) latencies.push(end - start);
  }
  latencies.sort((a, b) => a - b);
  const p99Ms = latencies[Math.max(0, Math.ceil(latencies.length * 0.99) - 1)] ?? 0;
  const slowMs = Math.max(floorMs, Math.min(Math.ceil(4 * p99Ms), ceilingMs));
  const inTime = latencies.filter((latency) => latency <= slowMs).length;
  return { samples, ratio: samples === 0 ? 0 : inTime / samples, p99Ms, slowMs };
}
