import type { StateEvent } from '../../model/history.ts';
import { readPod, type PodState } from '../../model/objects.ts';

export type RestartsOf = 'container' | 'pod' | 'workload';

/** How often one container, pod or workload was started again. */
export interface Restarts {
  /** `web-1`, `web-1/app` or `ReplicaSet web`, without its namespace. */
  readonly name: string;
  readonly namespace: string;
  restarts: number;
  /** Those of them that cannot have been before the fault. */
  sure: number;
  /** Why its container ended last, as its kubelet said; null when it did not. */
  reason: string | null;
  node: string | null;
  /** The events that show the restarts, the first ones. */
  readonly events: StateEvent[];
  /** The last restart was between these times: they differ where the watch was blind meanwhile. */
  lastFromMs: number;
  lastMs: number;
}

/** A time in which the watch of pods was blind: what changed in it is seen at its end. */
export interface Blind {
  readonly startMs: number;
  readonly endMs: number;
}

const mostEvents = 5;

interface Known {
  readonly event: StateEvent;
  readonly pod: Required<PodState>;
  readonly totals: ReadonlyMap<string, number>;
}

/** All that had a pod at or after that time, with its restarts since then. */
export function countRestarts(
  events: readonly StateEvent[],
  fromMs: number,
  per: RestartsOf,
  blind: readonly Blind[],
): readonly Restarts[] {
  const sinceMs = (atMs: number): number =>
    Math.min(atMs, ...blind.filter(({ startMs, endMs }) => startMs <= atMs && atMs <= endMs).map((gap) => gap.startMs));
  const known = new Map<string, Known>();
  const counted = new Map<string, Restarts>();
  const seeAll = (): void => {
    for (const { event, pod, totals } of known.values())
      for (const container of totals.keys()) entryOf(counted, per, event, pod, container);
  };
  let begun = false;
  for (const event of events) {
    if (event.object !== 'Pod') continue;
    if (!begun && event.atMs >= fromMs) {
      begun = true;
      seeAll();
    }
    const before = known.get(event.uid)?.totals;
    const pod = readPod(event.value);
    const totals = totalsOf(pod);
    if (event.change === 'deleted') known.delete(event.uid);
    else known.set(event.uid, { event, pod, totals });
    if (!begun) continue;
    for (const [container, total] of totals) {
      // A kubelet that lost its record of a container counts from zero again: a smaller number takes nothing back.
      const more = Math.max(0, total - (before?.get(container) ?? 0));
      const entry = entryOf(counted, per, event, pod, container);
      if (more > 0) add(entry, more, { event, pod, sinceMs: sinceMs(event.atMs), fromMs });
    }
  }
  if (!begun) seeAll();
  return [...counted.values()];
}

/** Restarts by container; the sum alone where a history has no more. */
function totalsOf({ containers, restarts }: Required<PodState>): ReadonlyMap<string, number> {
  if (containers.length === 0) return new Map([['', restarts]]);
  return new Map(containers.map(({ name, restarts: own }) => [name, own]));
}

function entryOf(
  counted: Map<string, Restarts>,
  per: RestartsOf,
  event: StateEvent,
  pod: PodState,
  container: string,
): Restarts {
  const { key, name } = placeOf(per, event, pod, container);
  const known = counted.get(key);
  if (known !== undefined) return known;
  const { namespace } = event;
  const entry = {
    name,
    namespace,
    restarts: 0,
    sure: 0,
    reason: null,
    node: null,
    events: [],
    lastFromMs: 0,
    lastMs: 0,
  };
  counted.set(key, entry);
  return entry;
}

interface Seen {
  readonly event: StateEvent;
  readonly pod: Required<PodState>;
  /** Since when it may have been so. */
  readonly sinceMs: number;
  readonly fromMs: number;
}

function add(entry: Restarts, more: number, { event, pod, sinceMs, fromMs }: Seen): void {
  entry.restarts += more;
  if (sinceMs >= fromMs) entry.sure += more;
  entry.reason = pod.terminated;
  entry.node = pod.node;
  entry.lastFromMs = sinceMs;
  entry.lastMs = event.atMs;
  if (entry.events.length < mostEvents && entry.events.at(-1) !== event) entry.events.push(event);
}

function placeOf(
  per: RestartsOf,
  { uid, name, namespace }: StateEvent,
  pod: PodState,
  container: string,
): { readonly key: string; readonly name: string } {
  if (per === 'pod') return { key: uid, name };
  if (per === 'container')
    return { key: `${uid}/${container}`, name: container === '' ? name : `${name}/${container}` };
  // Pods that were replaced count for the same workload; one without an owner is a workload of its own.
  if (pod.ownerName === '') return { key: `${namespace}/Pod/${name}`, name };
  return { key: `${namespace}/${pod.ownerKind}/${pod.ownerName}`, name: `${pod.ownerKind} ${pod.ownerName}` };
}
