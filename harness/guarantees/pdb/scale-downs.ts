import type { StateEvent } from '../../model/history.ts';
import { readWorkload } from '../../model/objects.ts';

/** A removal follows the change of its owner by at most this much, and is seen at most so much before it. */
const afterMs = 60_000;
const beforeMs = 2_000;

/**
 * How many pods each owner was told to remove, and when: a ReplicaSet by a smaller number of replicas, a StatefulSet also
 * by an update, which replaces its pods one by one.
 */
export class ScaleDowns {
  readonly #credits = new Map<string, { readonly atMs: number; left: number }[]>();

  constructor(events: readonly StateEvent[]) {
    const wanted = new Map<string, { readonly replicas: number; readonly updated: number }>();
    for (const { object, change, uid, namespace, name, value, atMs } of events) {
      if (object !== 'ReplicaSet' && object !== 'StatefulSet') continue;
      const { replicas, updated } = change === 'deleted' ? { replicas: 0, updated: 0 } : readWorkload(value);
      const before = wanted.get(uid) ?? { replicas, updated };
      wanted.set(uid, { replicas, updated });
      const removed = Math.max(0, before.replicas - replicas);
      // A new template makes the count of updated pods fall: each of them will be replaced.
      const replaced = object === 'StatefulSet' && updated < before.updated ? before.updated - updated : 0;
      if (removed + replaced === 0) continue;
      const credits = this.#credits.get(key(namespace, object, name)) ?? [];
      this.#credits.set(key(namespace, object, name), credits);
      credits.push({ atMs, left: removed + replaced });
    }
  }

  /** Whether a removal at that time is one that the owner was told to make; each order is used once for each pod. */
  take(namespace: string, ownerKind: string, ownerName: string, atMs: number): boolean {
    const credit = this.#credits
      .get(key(namespace, ownerKind, ownerName))
      ?.find((one) => one.left > 0 && atMs >= one.atMs - beforeMs && atMs <= one.atMs + afterMs);
    if (credit === undefined) return false;
    credit.left -= 1;
    return true;
  }
}

const key = (namespace: string, kind: string, name: string): string => `${namespace}/${kind}/${name}`;
