import type { StateEvent } from '../../model/history.ts';
import { readPod, type PodState } from '../../model/objects.ts';

export type RestartsOf = 'container' | 'pod' | 'workload';

/** How often one container, pod or workload was started again. */
export interface Restarts {
  /** `web-1`, `web-1/app` or `ReplicaSet web`, without its namespace. */
  readonly name: string;
  readonly namespace: string;
  restarts: number;
  /** Why its container ended last, as its kubelet said; null when it did not. */
  reason: string | null;
  node: string | null;
  /** The events that show the restarts, the first ones. */
  readonly events: StateEvent[];
  lastMs: number;
}

const mostEvents = 5;

interface Known {
  readonly event: StateEvent;
  readonly pod: Required<PodState>;
  readonly totals: ReadonlyMap<string, number>;
}

/** All that had a pod at or after that time, with its restarts since then. */
export function countRestarts(events: readonly StateEvent[], fromMs: number, per: RestartsOf): readonly Restarts[] {
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
      add(entryOf(counted, per, event, pod, container), more, event, pod);
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
  const entry = { name, namespace, restarts: 0, reason: null, node: null, events: [], lastMs: 0 };
  counted.set(key, entry);
  return entry;
}

function add(entry: Restarts, more: number, event: StateEvent, pod: Required<PodState>): void {
  if (more === 0) return;
  entry.restarts += more;
  entry.reason = pod.terminated;
  entry.node = pod.node;
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
