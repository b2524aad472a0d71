import type { Steady } from './steady.ts';
import type { Stream } from './stream.ts';

/** A time in which a path did not serve, with the bounds of its true length. docs/guarantees/rto.md derives them. */
export interface Outage {
  /** The first and the last sample that was not served, as indices into the stream. */
  readonly first: number;
  readonly last: number;
  /** The starts of those two. */
  readonly firstBadMs: number;
  readonly lastBadMs: number;
  /** The true length lies in [lowerMs, upperMs]; upperMs is infinite while the outage is open. */
  readonly lowerMs: number;
  readonly upperMs: number;
  /** True when no sustained good was seen before the samples end. */
  readonly open: boolean;
  /** Samples from the first to the last that was not served, and how many of them were not. */
  readonly samples: number;
  readonly notServed: number;
  /** The end of the first prompt good answer after the first failure; null when there was none. */
  readonly firstGoodMs: number | null;
  /** The end of the answer that proves recovery; null while open. */
  readonly recoveredMs: number | null;
}

export interface Outages {
  readonly list: readonly Outage[];
  /** The longest outage that could have passed between two good answers without a failure between them. */
  readonly unseenMs: number;
}

export interface Sustain {
  /** Good answers without a failure among them for this long ... */
  readonly ms: number;
  /** ... and at least so many end an outage. */
  readonly samples: number;
}

/** By luck a partly failing path answers well for a while: 1 in 10,000 such runs may end an outage too early. */
const luckToEnd = 1e-4;
/** The error bar's ends hold in 99 of 100 cases where only some requests fail, and always where all do. */
const luckOfBound = 1e-2;
/** More than this many times the stated time without a failure is recovery, however rare the failures were. */
const patience = 5;

const at = (numbers: Float64Array, index: number): number => numbers[index] ?? 0;

/** How many good answers in a row a path that fails this share of requests gives with at most this probability. */
function runOfLuck(share: number, luck: number): number {
  return share >= 1 ? 1 : Math.ceil(Math.log(luck) / Math.log(1 - share));
}

/** 1 where a sample was served: a good answer in time. */
export function servedSamples(stream: Stream, slowMs: number): Uint8Array {
  const served = new Uint8Array(stream.starts.length);
  for (let index = 0; index < served.length; index += 1) {
    const tookMs = at(stream.ends, index) - at(stream.starts, index);
    if (stream.oks[index] === 1 && tookMs <= slowMs) served[index] = 1;
  }
  return served;
}

export interface Episode {
  readonly first: number;
  readonly last: number;
  readonly notServed: number;
  /** The sample with which sustained good was reached; null while open. */
  readonly sustained: number | null;
}

/** Follows one outage from its first failure to sustained good. */
function followOutage(stream: Stream, served: Uint8Array, first: number, sustain: Sustain): Episode {
  let last = first;
  let notServed = 1;
  for (let index = first + 1; index < served.length; index += 1) {
    if (served[index] === 0) {
      last = index;
      notServed += 1;
      continue;
    }
    const run = index - last;
    const forMs = at(stream.starts, index) - at(stream.starts, last + 1);
    if (run < sustain.samples || forMs < sustain.ms) continue;
    const needed = runOfLuck(notServed / (last - first + 1), luckToEnd);
    if (run >= needed || forMs >= patience * sustain.ms) return { first, last, notServed, sustained: index };
  }
  return { first, last, notServed, sustained: null };
}

/**
 * The end of the n-th last good answer that had ended when the first failure began: nothing was out then. One that was still
 * under way may have slipped through and ended afterwards. The fault's start where there are not so many.
 */
function proofBefore(stream: Stream, served: Uint8Array, first: number, n: number, faultMs: number): number {
  const beforeMs = at(stream.starts, first);
  let seen = 0;
  for (let index = first - 1; index >= 0; index -= 1) {
    const end = at(stream.ends, index);
    if (end <= faultMs) return faultMs;
    if (served[index] === 0 || end > beforeMs) continue;
    seen += 1;
    if (seen === n) return end;
  }
  return faultMs;
}

/**
 * The end of the n-th good answer after the last failure: all was well again then. The failed request may have been hit as
 * late as its usual duration after its start; an answer before that tells nothing.
 */
function proofAfter(stream: Stream, served: Uint8Array, { last }: Episode, n: number, usualMs: number): number {
  const afterMs = at(stream.starts, last) + usualMs;
  let seen = 0;
  let proofMs = afterMs;
  for (let index = last + 1; index < served.length && served[index] === 1; index += 1) {
    const end = at(stream.ends, index);
    if (end < afterMs) continue;
    proofMs = end;
    seen += 1;
    if (seen === n) break;
  }
  return proofMs;
}

/** A late success proves the service up when it ends: in a total outage that can be sooner than the next prompt one. */
function lateProof(stream: Stream, { first, last }: Episode, usualMs: number): number {
  const afterMs = at(stream.starts, last) + usualMs;
  let proof = Infinity;
  for (let index = first; index <= last; index += 1) {
    const end = at(stream.ends, index);
    if (stream.oks[index] === 1 && end >= afterMs && end < proof) proof = end;
  }
  return proof;
}

/** The bounds of a time between two samples that were not served. */
export function bounds(stream: Stream, served: Uint8Array, steady: Steady, faultMs: number, episode: Episode): Outage {
  const { first, last, notServed, sustained } = episode;
  const firstBadMs = at(stream.starts, first);
  const lastBadMs = at(stream.starts, last);
  const share = notServed / (last - first + 1);
  const n = runOfLuck(share, luckOfBound);
  // The request that was under way when the outage began may have started earlier by its usual duration.
  const lowerMs = Math.max(0, lastBadMs - Math.max(firstBadMs + steady.p99Ms, faultMs));
  const total = share === 1;
  let recoveredMs: number | null = null;
  if (sustained !== null) {
    recoveredMs = proofAfter(stream, served, episode, n, steady.p99Ms);
    if (total) recoveredMs = Math.min(recoveredMs, lateProof(stream, episode, steady.p99Ms));
  }
  const beganMs = proofBefore(stream, served, first, n, faultMs);
  let good = first + 1;
  while (good < served.length && served[good] === 0) good += 1;
  return {
    first,
    last,
    firstBadMs,
    lastBadMs,
    lowerMs,
    upperMs: recoveredMs === null ? Infinity : Math.max(lowerMs, recoveredMs - beganMs),
    open: recoveredMs === null,
    samples: last - first + 1,
    notServed,
    firstGoodMs: good < served.length ? at(stream.ends, good) : null,
    recoveredMs,
  };
}

/** The outages of a stream from the fault on, in order, and what could have passed unseen between good answers. */
export function findOutages(
  stream: Stream,
  served: Uint8Array,
  steady: Steady,
  faultMs: number,
  sustain: Sustain,
): Outages {
  const list: Outage[] = [];
  let proofMs = faultMs;
  let unseenMs = 0;
  let failed = false;
  for (let index = 0; index < served.length; index += 1) {
    const end = at(stream.ends, index);
    if (end <= faultMs) continue;
    if (served[index] === 1) {
      if (!failed) unseenMs = Math.max(unseenMs, end - proofMs);
      proofMs = Math.max(proofMs, end);
      failed = false;
      continue;
    }
    const episode = followOutage(stream, served, index, sustain);
    list.push(bounds(stream, served, steady, faultMs, episode));
    index = episode.last;
    failed = true;
  }
  return { list, unseenMs };
}
