import type { RequestEvent } from '../../model/history.ts';
import { overlapMs, type Stall } from '../availability/control.ts';
import { requestFloorMs, steadyPart, steadySamples, type Steady, type SteadyTime } from '../availability/steady.ts';
import type { Stream } from '../availability/stream.ts';

/** What of a path's failures the harness's own stalls can explain. */
export interface Doubt {
  /** How the path did before the fault. */
  readonly steady: Steady;
  /** How much of the request lies in stalls of the harness, in milliseconds. */
  stalledMs(request: RequestEvent): number;
  /** Whether the failure says nothing of the system: it was never sent, or a stall can be why no answer was seen. */
  explains(request: RequestEvent): boolean;
}

/**
 * Never sent, for want of a client or of the target's address, or the load generator never said what became of it: it gives up on
 * every request in time, unless it died.
 */
const unaccounted: ReadonlySet<string> = new Set(['dropped', 'unanswered', 'dns']);
/** Somebody answered, if only to say no: a stalled client cannot make that up. */
const saidNo: ReadonlySet<string> = new Set(['refused', 'reset', 'unreachable', 'broken-pipe', 'closed']);
/** A stall may have begun this long before the first sample of the control target that shows it: its samples' spacing. */
const unseenMs = 50;

/**
 * A failure is explained like an outage of `rto`: by as much of a stall as lies in it. Who got no answer although he waited, outside
 * of stalls, for as long as the path takes for one (`rto`'s limit of lateness) was not served by the system. The control
 * target's requests that begin in a stall fail for good, and so may those of a path: such a one must have waited its whole timeout.
 */
export function doubtOf(stream: Stream, stalls: readonly Stall[], time: SteadyTime): Doubt {
  const steady = steadyPart(stream, time, requestFloorMs, Infinity);
  const waits = (stream.events as readonly RequestEvent[]).filter((request) => !request.ok && waitedInVain(request));
  const timeoutMs = Math.min(...waits.map(tookMs));
  const usualMs = steady.samples < steadySamples ? timeoutMs : Math.min(steady.slowMs, timeoutMs);
  const stalledMs = ({ startMs, endMs }: RequestEvent): number => overlapMs(stalls, startMs, endMs);
  const beganIn = ({ startMs }: RequestEvent): boolean => overlapMs(stalls, startMs, startMs + unseenMs) > 0;
  return {
    steady,
    stalledMs,
    explains: (request) => {
      if (unaccounted.has(request.error ?? '')) return true;
      const lostMs = stalledMs(request);
      if (lostMs === 0 || !waitedInVain(request)) return false;
      return tookMs(request) - lostMs < (beganIn(request) ? timeoutMs : usualMs);
    },
  };
}

const tookMs = ({ startMs, endMs }: RequestEvent): number => endMs - startMs;

const waitedInVain = ({ status, error }: RequestEvent): boolean =>
  status === 0 && !unaccounted.has(error ?? '') && !saidNo.has(error ?? '');
