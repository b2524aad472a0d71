import { formatMs } from '../../model/duration.ts';
import { shortly } from '../gaps.ts';
import { count, formatInterval, formatShare } from '../sentence.ts';
import { excuseOf, overlapMs, type Stall } from './control.ts';
import { findOutages, servedSamples, type Outage, type Outages, type Sustain } from './outages.ts';
import { spacingOf, type Spacing } from './spacing.ts';
import { steadyPart, steadyRatio, steadySamples, type Steady, type SteadyTime } from './steady.ts';
import type { Stream } from './stream.ts';

/** What is demanded of a stream, and under which circumstances it was measured. */
export interface Demand extends SteadyTime {
  readonly limitMs: number;
  readonly limitText: string;
  /** 95 of 100 samples must be no further apart. */
  readonly spacingMs: number;
  readonly slowFloorMs: number;
  readonly sustain: Sustain;
  /** The samples must reach to here: the last heal, and the end of the other streams. */
  readonly untilMs: number;
  readonly stalls: readonly Stall[];
  /** Times in which the load itself was not recorded. */
  readonly gaps: readonly { readonly startMs: number; readonly endMs: number; readonly because: string }[];
}

export interface JudgedStream {
  readonly stream: Stream;
  readonly steady: Steady;
  readonly spacing: Spacing;
  readonly outages: Outages;
  readonly worst: Outage | null;
  readonly status: 'held' | 'violated' | 'unknown';
  /** Why it is unknown. */
  readonly because: string | null;
}

/** Samples come late on a busy machine: this much more than the demanded spacing is still as demanded. */
const lateMs = 10;
/** A machine that misses more than this share of the window has not watched. */
const holesShare = 0.05;

/** Why the samples themselves are no evidence, or null. */
function flawOf(stream: Stream, steady: Steady, spacing: Spacing, demand: Demand): string | null {
  if (steady.samples < steadySamples)
    return `only ${count(steady.samples, 'sample')} while it was steady before the fault, ${String(steadySamples)} are needed`;
  if (steady.ratio < steadyRatio)
    return `it was not steady before the fault: ${formatShare(steady.samples * steady.ratio, steady.samples)} of the samples were good and in time`;
  const gap = demand.gaps.find(({ endMs, startMs }) => endMs > demand.faultMs && startMs < spacing.toMs);
  if (gap !== undefined)
    return `the load was not recorded for ${formatMs(gap.endMs - gap.startMs)}, ${formatMs(gap.startMs - demand.faultMs)} after the injection: ${shortly(gap.because)}`;
  if (spacing.samples === 0) return 'there is no sample after the fault';
  if (stream.missing > 0) return `no result is recorded of ${count(stream.missing, 'request')}`;
  if (spacing.toMs < demand.untilMs)
    return `its samples end ${formatMs(demand.untilMs - spacing.toMs)} too early to cover the recovery`;
  if (spacing.usualMs > demand.spacingMs + lateMs)
    return `the load was too low: samples ${formatMs(spacing.usualMs)} apart where ${formatMs(demand.spacingMs)} is demanded`;
  if (spacing.holesMs > holesShare * (spacing.toMs - spacing.fromMs))
    return `the harness stalled: samples are missing for ${formatMs(spacing.holesMs)} of ${formatMs(spacing.toMs - spacing.fromMs)}`;
  return null;
}

/** Why an outage beyond the limit cannot be held against the system, or null. */
function excuse(outage: Outage, demand: Demand): string | null {
  const until = outage.recoveredMs ?? Infinity;
  const sharedMs = overlapMs(demand.stalls, outage.firstBadMs, until);
  if (outage.lowerMs - sharedMs > demand.limitMs) return null;
  return `${excuseOf(demand.stalls, outage.firstBadMs, until)} of the outage of ${formatInterval(outage.lowerMs, outage.upperMs)}`;
}

function conclude(outages: Outages, demand: Demand): Pick<JudgedStream, 'status' | 'because'> {
  const beyond = outages.list.filter(({ lowerMs }) => lowerMs > demand.limitMs);
  const excuses = beyond.map((outage) => excuse(outage, demand));
  if (excuses.includes(null)) return { status: 'violated', because: null };
  const [firstExcuse] = excuses;
  if (firstExcuse !== undefined) return { status: 'unknown', because: firstExcuse };
  const open = outages.list.find((outage) => outage.open);
  if (open !== undefined)
    return {
      status: 'unknown',
      because: `the outage that began ${formatMs(open.firstBadMs - demand.faultMs)} after the injection was still open when the recording ended`,
    };
  const straddling = outages.list.find(({ upperMs }) => upperMs > demand.limitMs);
  if (straddling !== undefined)
    return {
      status: 'unknown',
      because: `the error bar straddles the limit: ${formatInterval(straddling.lowerMs, straddling.upperMs)} against ${demand.limitText}`,
    };
  if (outages.unseenMs > demand.limitMs)
    return {
      status: 'unknown',
      because: `an outage of ${formatMs(outages.unseenMs)} could have passed unseen between two good answers`,
    };
  return { status: 'held', because: null };
}

/** What the samples of a stream show, whatever is promised of them. */
export interface MeasuredStream extends Pick<JudgedStream, 'stream' | 'steady' | 'spacing' | 'outages'> {
  /** 1 where a sample was served. */
  readonly served: Uint8Array;
  /** Why the samples are no evidence; null when they are. */
  readonly flaw: string | null;
}

/** Measures one stream. */
export function measureStream(stream: Stream, demand: Demand): MeasuredStream {
  const steady = steadyPart(stream, demand, demand.slowFloorMs, demand.limitMs);
  const spacing = spacingOf(stream, demand.faultMs, demand.spacingMs);
  const served = servedSamples(stream, steady.slowMs);
  const outages = findOutages(stream, served, steady, demand.faultMs, demand.sustain);
  return { stream, steady, spacing, served, outages, flaw: flawOf(stream, steady, spacing, demand) };
}

/** Measures one stream against the limit. */
export function judgeStream(stream: Stream, demand: Demand): JudgedStream {
  const { steady, spacing, outages, flaw } = measureStream(stream, demand);
  let worst: Outage | null = null;
  for (const outage of outages.list) if (worst === null || isWorse(outage, worst)) worst = outage;
  const verdict = flaw === null ? conclude(outages, demand) : { status: 'unknown' as const, because: flaw };
  return { stream, steady, spacing, outages, worst, ...verdict };
}

/** An open outage by its lower bound, because that is all that is known of it. */
export function isWorse(a: Outage, b: Outage): boolean {
  if (a.lowerMs !== b.lowerMs) return a.lowerMs > b.lowerMs;
  return a.upperMs > b.upperMs;
}
