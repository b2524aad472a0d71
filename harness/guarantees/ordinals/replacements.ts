import type { StateEvent } from '../../model/history.ts';
import { readPod, type PodState } from '../../model/objects.ts';
import { hasEnded } from '../replay/cluster-state.ts';

/** One incarnation of an ordinal. */
export interface Incarnation {
  readonly uid: string;
  readonly node: string | null;
  /** When it was seen first on a node, and when it was known to have ended or was removed; null while neither. */
  readonly placedMs: number | null;
  readonly goneMs: number | null;
  readonly event: StateEvent;
}

/** A pod of a StatefulSet that was given a node although nothing says that the one before it has ended. */
export interface Duplicate {
  readonly namespace: string;
  readonly set: string;
  readonly pod: string;
  readonly atMs: number;
  readonly old: Incarnation;
  readonly next: Incarnation;
  /** Whether the old one was removed from the API unconfirmed; else it was still there. */
  readonly removed: boolean;
}

export interface Ordinals {
  /** How many ordinals were seen, and how many pods took the place of another. */
  readonly seen: number;
  readonly replaced: number;
  readonly duplicates: readonly Duplicate[];
}

interface Ordinal {
  /** Those that may run: on a node, and neither ended nor confirmed by their kubelet. By uid. */
  readonly live: Map<string, Incarnation>;
  readonly uids: Set<string>;
}

/**
 * The kubelet reports a pod as Succeeded or Failed before it lets the API remove it, and so does the garbage collector for
 * a node that somebody declared dead: a pod that vanished on its node without that was removed by force, and its containers
 * may still run (kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod).
 */
export function followOrdinals(
  events: readonly StateEvent[],
  fromMs: number,
  wanted: (set: string) => boolean,
): Ordinals {
  const ordinals = new Map<string, Ordinal>();
  const duplicates: Duplicate[] = [];
  let replaced = 0;
  for (const event of events) {
    if (event.object !== 'Pod') continue;
    const pod = readPod(event.value);
    if (pod.ownerKind !== 'StatefulSet' || !wanted(pod.ownerName)) continue;
    const ordinal = ordinalOf(ordinals, `${event.namespace}/${event.name}`);
    if (!ordinal.uids.has(event.uid)) {
      if (ordinal.uids.size > 0 && event.atMs >= fromMs) replaced += 1;
      ordinal.uids.add(event.uid);
    }
    duplicates.push(...take(ordinal, event, pod).filter(({ atMs }) => atMs >= fromMs));
  }
  return { seen: ordinals.size, replaced, duplicates };
}

function ordinalOf(ordinals: Map<string, Ordinal>, key: string): Ordinal {
  const known = ordinals.get(key);
  if (known !== undefined) return known;
  const ordinal = { live: new Map<string, Incarnation>(), uids: new Set<string>() };
  ordinals.set(key, ordinal);
  return ordinal;
}

/** Takes the next event of one ordinal; returns the duplicates that it makes. */
function take({ live }: Ordinal, event: StateEvent, pod: Required<PodState>): Duplicate[] {
  const { uid, atMs } = event;
  const before = live.get(uid);
  if (confirmedEnd(pod)) {
    live.delete(uid);
    return [];
  }
  if (event.change === 'deleted') {
    if (before !== undefined) live.set(uid, { ...before, goneMs: atMs, event });
    return [];
  }
  if (pod.node === null || before !== undefined) return [];
  const next = { uid, node: pod.node, placedMs: atMs, goneMs: null, event };
  const others = [...live.values()];
  // One removal by force is one finding, however often its ordinal is replaced after that.
  for (const old of others) if (old.goneMs !== null) live.delete(old.uid);
  live.set(uid, next);
  const { namespace, name } = event;
  return others.map((old) => {
    return { namespace, set: pod.ownerName, pod: name, atMs, old, next, removed: old.goneMs !== null };
  });
}

/** Nothing of it runs, or will, by the word of its kubelet or of the control plane. */
function confirmedEnd(pod: Required<PodState>): boolean {
  const stopped = pod.containers.length > 0 && pod.containers.every(({ state }) => state === 'terminated');
  return hasEnded(pod) || (stopped && pod.deletionTimestamp !== null);
}
