import type { OpEvent } from '../../model/history.ts';
import { collectionKeys } from '../collections/collection-keys.ts';
import type { KeyRecord } from './key-fate.ts';

/** How the operations through one target ended. */
export interface TargetCounts {
  readonly target: string;
  acknowledged: number;
  failed: number;
  unknown: number;
  finalReads: number;
  failedReads: number;
}

export interface Operations {
  readonly keys: readonly KeyRecord[];
  readonly targets: readonly TargetCounts[];
  /** Final reads, successful or not. */
  readonly finalReads: number;
}

/**
 * The writes through the wanted targets, and the final reads of their keys through any target.
 * @param recoveredMs reads that began before it do not tell what is there after recovery
 */
export function collectOps(
  ops: readonly OpEvent[],
  wanted: (target: string) => boolean,
  recoveredMs: number,
): Operations {
  const keys = new Map<string, KeyRecord & { lastMs: number }>();
  const targets = new Map<string, TargetCounts>();
  const reads: OpEvent[] = [];
  const collected = collectionKeys(ops);
  for (const event of ops) {
    if (collected.has(event.key)) continue;
    if (event.action === 'read') {
      if (event.startMs >= recoveredMs) reads.push(event);
      continue;
    }
    if (!wanted(event.target)) continue;
    const counts = countsOf(targets, event.target);
    if (event.outcome === 'ok') counts.acknowledged += 1;
    else counts[event.outcome] += 1;
    const record = keys.get(event.key);
    if (record === undefined)
      keys.set(event.key, { key: event.key, writes: [event], finalReads: [], lastMs: event.endMs });
    else {
      record.writes.push(event);
      record.lastMs = Math.max(record.lastMs, event.endMs);
    }
  }
  let finalReads = 0;
  for (const read of reads) {
    const record = keys.get(read.key);
    if (record === undefined || read.startMs < record.lastMs) continue;
    finalReads += 1;
    const counts = countsOf(targets, read.target);
    if (read.outcome === 'ok') {
      counts.finalReads += 1;
      record.finalReads.push(read);
    } else counts.failedReads += 1;
  }
  const byName = (a: TargetCounts, b: TargetCounts): number => (a.target < b.target ? -1 : 1);
  return { keys: [...keys.values()], targets: [...targets.values()].sort(byName), finalReads };
}

function countsOf(targets: Map<string, TargetCounts>, target: string): TargetCounts {
  const known = targets.get(target);
  if (known !== undefined) return known;
  const counts = { target, acknowledged: 0, failed: 0, unknown: 0, finalReads: 0, failedReads: 0 };
  targets.set(target, counts);
  return counts;
}
