import type { Json } from '../../harness/model/json.ts';
import type { OpEvent } from '../../harness/model/history.ts';
import type { Found, Target } from './job.ts';
import { isModelKey } from './model-stores.ts';

/** Every key that a write was tried for, by store. */
export type Tried = ReadonlyMap<Target['store'], ReadonlySet<string>>;

/**
 * What one target says of every record of its store, as reads: null for a record that is not there. Records that are there
 * though no write of them is known (their writer died before it could tell) are told as well.
 */
export function readEvents(
  target: Target,
  found: Found,
  tried: Tried,
  fromWall: (wallMs: number) => number,
): readonly OpEvent[] {
  const keys = new Set([...(tried.get(target.store) ?? []), ...Object.keys(found.records ?? {})]);
  const common = {
    kind: 'op',
    client: `${target.name}-reader`,
    target: target.name,
    action: 'read',
    startMs: fromWall(found.startWallMs),
    endMs: fromWall(found.endWallMs),
  } as const;
  return [...keys].sort().map((key): OpEvent => {
    if (found.records === undefined)
      return { ...common, key, value: null, outcome: 'failed', error: found.error ?? 'no answer' };
    return { ...common, key, value: valueOf(key, found.records[key]), outcome: 'ok' };
  });
}

/** Models hold JSON; what is none is told as it is, and nobody can have written it. */
function valueOf(key: string, found: unknown): Json {
  if (found === undefined) return null;
  if (!isModelKey(key) || typeof found !== 'string') return found as Json;
  try {
    return JSON.parse(found) as Json;
  } catch {
    return found;
  }
}
