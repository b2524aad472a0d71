import type { StateEvent } from '../../model/history.ts';
import { readLease, readNode } from '../../model/objects.ts';
import type { FaultWindow } from '../fault-window.ts';

/** The time in which an API server was overloaded. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** From the injection of each overload to the proof that it was gone. */
export function overloadsOf({ events }: FaultWindow, fault: string, recordingEndMs: number): readonly Span[] {
  return events
    .filter((event) => event.fault === fault && event.phase === 'injecting')
    .map(({ step, atMs: startMs }) => {
      const own = events.filter((event) => event.step === step);
      const gone = own.find(({ phase }) => phase === 'gone');
      return { startMs, endMs: gone?.atMs ?? recordingEndMs };
    });
}

/** A node or a lease as the watches saw it change. */
export interface Change {
  readonly name: string;
  /** What became of it, in words. */
  readonly what: string;
  readonly event: StateEvent;
}

/** What the watches saw of heartbeats and leadership. */
export interface Followed {
  readonly nodes: ReadonlySet<string>;
  readonly leases: ReadonlySet<string>;
  /** Nodes that were not Ready any more, and leases that got another holder. */
  readonly changes: readonly Change[];
  /** The times of the heartbeats of each node, by its own lease. */
  readonly heartbeats: ReadonlyMap<string, readonly number[]>;
}

/** Follows the nodes and the leases of leader election from their first sight on. @throws HarnessError `history` */
export function follow(states: readonly StateEvent[], wanted: (lease: string) => boolean): Followed {
  const ready = new Map<string, boolean>();
  const holders = new Map<string, string>();
  const renewals = new Map<string, string | null>();
  const heartbeats = new Map<string, number[]>();
  const changes: Change[] = [];
  for (const event of states) {
    const { object, namespace, name } = event;
    if (event.change === 'deleted') continue;
    if (object === 'Node') {
      const state = readNode(event.value);
      const is = state.ready === 'True';
      if (!is && ready.get(name) !== false)
        changes.push({ name, what: `became Ready=${state.ready} (${state.reason})`, event });
      ready.set(name, is);
    } else if (object === 'Lease' && namespace === 'kube-node-lease') {
      const { renewTime } = readLease(event.value);
      if (renewals.get(name) !== renewTime) add(heartbeats, name, event.atMs);
      renewals.set(name, renewTime);
    } else if (object === 'Lease' && wanted(name)) {
      const { holder } = readLease(event.value);
      const before = holders.get(name);
      if (before !== undefined && before !== holder)
        changes.push({ name, what: `passed from ${named(before)} to ${named(holder)}`, event });
      holders.set(name, holder);
    }
  }
  return { nodes: new Set(ready.keys()), leases: new Set(holders.keys()), changes, heartbeats };
}

function add(times: Map<string, number[]>, name: string, atMs: number): void {
  const known = times.get(name);
  if (known === undefined) times.set(name, [atMs]);
  else known.push(atMs);
}

const named = (holder: string): string => (holder === '' ? 'nobody' : holder.slice(0, 24));

/** The longest time between two heartbeats of a node, or to the span's end, that touches the span; null when none was seen. */
export function longestSilence(
  heartbeats: Followed['heartbeats'],
  { startMs, endMs }: Span,
): { readonly node: string; readonly ms: number } | null {
  let longest: { readonly node: string; readonly ms: number } | null = null;
  for (const [node, times] of heartbeats)
    for (const [at, from] of times.entries()) {
      const to = times[at + 1] ?? Math.max(from, endMs);
      if (to >= startMs && from <= endMs && (longest === null || to - from > longest.ms))
        longest = { node, ms: to - from };
    }
  return longest;
}
