import type { OpEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';

/** What was written to one key and what was read from it after recovery. */
export interface KeyRecord {
  readonly key: string;
  readonly writes: OpEvent[];
  /** Successful reads that began after the fault was healed and after the last write to the key. */
  readonly finalReads: OpEvent[];
}

export type Finding =
  | 'lost' // acknowledged, and in no final read
  | 'stale' // acknowledged, in some final reads and not in others
  | 'resurrected' // refused for certain, or overwritten or deleted, and there all the same
  | 'unexpected'; // a value that nobody wrote to this key

export interface Fate {
  readonly key: string;
  readonly finding: Finding | null;
  /** Acknowledged but never read back. */
  readonly unread: boolean;
  /** Whether the key has a write that must be there. */
  readonly acknowledged: boolean;
  readonly evidence: readonly OpEvent[];
}

const same = (a: Json, b: Json): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

/** Acknowledged writes after whose end no other acknowledged write began: each of them may be the one that stands. */
function standing(writes: readonly OpEvent[]): readonly OpEvent[] {
  const acknowledged = writes.filter(({ outcome }) => outcome === 'ok');
  return acknowledged.filter(({ endMs }) => !acknowledged.some(({ startMs }) => startMs > endMs));
}

/**
 * What became of a key. A write without an answer may have happened at any time since: its value is as good as absent
 * or present, and so is what it overwrote only where no acknowledged write came after it.
 */
export function fateOf({ key, writes, finalReads }: KeyRecord): Fate {
  const expected = standing(writes);
  const acknowledged = expected.length > 0;
  const indeterminate = writes.filter(({ outcome }) => outcome === 'unknown');
  const fate = (finding: Finding | null, evidence: readonly OpEvent[]): Fate => ({
    key,
    finding,
    unread: acknowledged && finalReads.length === 0,
    acknowledged,
    evidence,
  });
  const isFine = ({ value }: OpEvent): boolean =>
    expected.some((write) => same(write.value, value)) ||
    indeterminate.some((write) => same(write.value, value)) ||
    (!acknowledged && value === null);
  const bad = finalReads.filter((read) => !isFine(read));
  const [first] = bad;
  if (first === undefined) return fate(null, []);
  const evidence = [...expected.slice(0, 1), first];
  const written = writes.find((write) => same(write.value, first.value));
  if (first.value !== null && written === undefined) return fate('unexpected', evidence);
  const deleted = acknowledged && expected.every(({ value }) => value === null);
  if (written?.outcome === 'failed' || (first.value !== null && deleted)) return fate('resurrected', evidence);
  return fate(bad.length < finalReads.length ? 'stale' : 'lost', evidence);
}
