import type { Json } from '../../harness/model/json.ts';
import type { OpEvent } from '../../harness/model/history.ts';
import type { Found, Target } from './job.ts';
import { isModelKey } from './model-stores.ts';

/** Every key that a write was tried for, by store. */
export type Tried = ReadonlyMap<Target['store'], ReadonlySet<string>>;

/** What a reader found, on the run's clock. */
export interface Read extends Pick<Found, 'target' | 'records' | 'error'> {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Each reader is started anew, and its wall clock is the one of its start: that of the writer may have been set since.
 * @param wallZeroMs the wall clock when the run's clock was at 0, as it goes when the reader is started
 */
export const onRunsClock = ({ startWallMs, endWallMs, ...rest }: Found, wallZeroMs: number): Read => ({
  ...rest,
  startMs: startWallMs - wallZeroMs,
  endMs: endWallMs - wallZeroMs,
});

/**
 * What one target says of every record of its store, as reads: null for a record that is not there. Records that are there
 * though no write of them is known (their writer died before it could tell) are told as well.
 */
export function readEvents(target: Target, found: Read, tried: Tried): readonly OpEvent[] {
  const keys = new Set([...(tried.get(target.store) ?? []), ...Object.keys(found.records ?? {})]);
  const common = {
    kind: 'op',
    client: `${target.name}-reader`,
    target: target.name,
    action: 'read',
    startMs: found.startMs,
    endMs: found.endMs,
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
