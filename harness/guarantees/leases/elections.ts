import type { StateEvent } from '../../model/history.ts';
import { readLease } from '../../model/objects.ts';
import type { Lasted } from '../lateness.ts';

/**
 * Between the last renewal of one holder and what came next. There are two witnesses: the times that the holders wrote by
 * their own clocks, and the times at which the recorder saw the writes. Where they agree the holders' own times are
 * exact; where they do not, the truth is between them.
 */
export interface Silence {
  readonly lease: string;
  readonly from: string;
  /** The next holder; empty when the recording ended first. */
  readonly to: string;
  /** When the recorder saw the last renewal, and what came next. */
  readonly startMs: number;
  readonly endMs: number;
  readonly lasted: Lasted;
  /** Whether the lease was given back by its holder before the next one took it. */
  readonly released: boolean;
  /** How long the holder may be silent before another may take it; null when the lease did not say. */
  readonly durationMs: number | null;
  /** Holders between the two that were not seen, by the lease's own count. */
  readonly unseen: number;
  readonly events: readonly StateEvent[];
}

/** One lease of leader election, followed through a history. */
export interface Election {
  readonly lease: string;
  /** Every time between two renewals, in their order, and from the last one to the end of the recording. */
  readonly silences: readonly Silence[];
}

interface Term {
  readonly holder: string;
  /** The recorder's time of the last renewal, and the holder's own, in milliseconds since 1970. */
  atMs: number;
  renewedMs: number | null;
  durationMs: number | null;
  readonly transitions: number;
  released: boolean;
  event: StateEvent;
}

/** Writes whose times are this close to when they were seen need no doubt; an overlap that is shorter would not show. */
export const resolutionMs = 100;

export function followElections(
  events: readonly StateEvent[],
  wanted: (name: string) => boolean,
  endMs: number,
  lateness: (atMs: number) => number,
): readonly Election[] {
  const elections = new Map<string, { readonly silences: Silence[]; term: Term | null }>();
  for (const event of events) {
    // The leases of kube-node-lease are heartbeats of nodes: nobody competes for them.
    if (event.object !== 'Lease' || event.namespace === 'kube-node-lease' || !wanted(event.name)) continue;
    const key = `${event.namespace}/${event.name}`;
    const election = elections.get(key) ?? { silences: [], term: null };
    elections.set(key, election);
    // Whoever deletes a lease releases nobody from it: the holder goes on believing in its time.
    if (event.change === 'deleted') continue;
    const next = termOf(event);
    const { term } = election;
    if (next.holder === '') {
      if (term !== null) term.released = true;
      continue;
    }
    if (term !== null && isSame(term, next)) continue;
    if (term !== null) election.silences.push(between(key, term, next, lateness));
    election.term = next;
  }
  return [...elections].map(([lease, { silences, term }]) => {
    if (term === null) return { lease, silences };
    return { lease, silences: [...silences, untilEnd(lease, term, endMs, lateness)] };
  });
}

/** Whether nothing was renewed: something else of the lease was written. */
const isSame = (a: Term, b: Term): boolean =>
  a.holder === b.holder && a.renewedMs === b.renewedMs && a.renewedMs !== null;

function termOf(event: StateEvent): Term & { readonly acquiredMs: number | null } {
  const { holder, renewTime, acquireTime, durationSeconds, transitions } = readLease(event.value);
  return {
    holder,
    atMs: event.atMs,
    renewedMs: wallMs(renewTime),
    acquiredMs: wallMs(acquireTime),
    durationMs: durationSeconds === null ? null : durationSeconds * 1_000,
    transitions,
    released: false,
    event,
  };
}

/** Milliseconds since 1970, with the microseconds that `Date` drops. */
function wallMs(time: string | null): number | null {
  if (time === null) return null;
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return null;
  const micros = /\.\d{3}(\d{3})/.exec(time)?.[1];
  return ms + Number(micros ?? 0) / 1_000;
}

function between(
  lease: string,
  last: Term,
  next: ReturnType<typeof termOf>,
  lateness: (atMs: number) => number,
): Silence {
  const handedOver = last.holder !== next.holder || last.released;
  const began = handedOver ? (next.acquiredMs ?? next.renewedMs) : next.renewedMs;
  const seenMs = next.atMs - last.atMs;
  const seen = { lowerMs: seenMs - lateness(next.atMs), upperMs: seenMs + lateness(last.atMs) };
  const written = began === null || last.renewedMs === null ? null : began - last.renewedMs;
  return {
    lease,
    from: last.holder,
    to: next.holder,
    startMs: last.atMs,
    endMs: next.atMs,
    lasted: reconcile(seen, written),
    released: last.released,
    durationMs: last.durationMs,
    // A holder that takes its own lease again after giving it back counts as one transition too.
    unseen: Math.max(0, next.transitions - last.transitions - (handedOver ? 1 : 0)),
    events: [last.event, next.event],
  };
}

function reconcile(seen: Lasted, writtenMs: number | null): Lasted {
  if (writtenMs === null) return seen;
  const agrees = writtenMs >= seen.lowerMs - resolutionMs && writtenMs <= seen.upperMs + resolutionMs;
  if (agrees) return { lowerMs: writtenMs, upperMs: writtenMs };
  return { lowerMs: Math.min(writtenMs, seen.lowerMs), upperMs: Math.max(writtenMs, seen.upperMs) };
}

function untilEnd(lease: string, last: Term, endMs: number, lateness: (atMs: number) => number): Silence {
  const seenMs = Math.max(0, endMs - last.atMs);
  return {
    lease,
    from: last.holder,
    to: '',
    startMs: last.atMs,
    endMs,
    lasted: { lowerMs: seenMs, upperMs: seenMs + lateness(last.atMs) },
    released: last.released,
    durationMs: last.durationMs,
    unseen: 0,
    events: [last.event],
  };
}
