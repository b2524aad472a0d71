import type { OpEvent } from '../../model/history.ts';

/** The keys of sets and lists: they are no registers, and what holds for one value does not hold for them. */
export function collectionKeys(ops: readonly OpEvent[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { action, key } of ops) if (action === 'add' || action === 'append') keys.add(key);
  return keys;
}
