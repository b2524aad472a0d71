import type { OpEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import type { KeyRecord } from './key-fate.ts';

/**
 * Final reads that show a record twice: under a key other than the one it was written to, or more than once in the list
 * that a read returned. Each record once. Ids are unique, so a second one cannot be another writer's.
 */
export function duplicatesOf(keys: readonly KeyRecord[]): readonly OpEvent[] {
  const home = new Map<string, string>();
  const idOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
  for (const { key, writes } of keys) for (const { value } of writes) if (value !== null) home.set(idOf(value), key);
  const found = new Map<string, OpEvent>();
  for (const { key, finalReads } of keys) {
    for (const read of finalReads) {
      if (read.value === null) continue;
      if (Array.isArray(read.value)) {
        const ids = (read.value as readonly Json[]).map(idOf);
        const twice = ids.find((id, index) => ids.indexOf(id) !== index);
        if (twice !== undefined) found.set(twice, read);
        continue;
      }
      const id = idOf(read.value);
      const where = home.get(id);
      if (where !== undefined && where !== key) found.set(id, read);
    }
  }
  return [...found.values()];
}
