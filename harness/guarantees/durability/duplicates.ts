import type { OpEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import type { KeyRecord } from './key-fate.ts';

// Scalars are told apart by type and text without the cost of quoting them.
const idOf = (value: Json): string =>
  typeof value === 'object' ? JSON.stringify(value) : `${typeof value} ${String(value)}`;

/**
 * Final reads that show a record twice: under a key to which it was never written though it was written to another, or
 * more than once in the list that a read returned. Each once.
 */
export function duplicatesOf(keys: readonly KeyRecord[]): readonly OpEvent[] {
  const written = new Set<string>();
  for (const { writes } of keys) for (const { value } of writes) if (value !== null) written.add(idOf(value));
  const found = new Map<string, OpEvent>();
  for (const { key, writes, finalReads } of keys) {
    const own = new Set(writes.map(({ value }) => idOf(value)));
    for (const read of finalReads) {
      if (read.value === null || own.has(idOf(read.value))) continue;
      if (Array.isArray(read.value)) {
        const ids = (read.value as readonly Json[]).map(idOf);
        const twice = ids.find((id, index) => ids.indexOf(id) !== index);
        if (twice !== undefined) found.set(`${key}/${twice}`, read);
      } else if (written.has(idOf(read.value))) found.set(`${key}/${idOf(read.value)}`, read);
    }
  }
  return [...found.values()];
}
