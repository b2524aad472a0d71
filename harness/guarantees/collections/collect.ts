import type { OpEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';

/** A read that gave a list. */
export interface ListRead {
  readonly event: OpEvent;
  /** The elements, each as a text that is the same for the same element. */
  readonly elements: readonly string[];
}

/** What was put into one set or list, and what reads of it found. */
export interface Collection {
  readonly key: string;
  /** By element; each is put in once. */
  readonly puts: ReadonlyMap<string, OpEvent>;
  /** Successful reads, in the order of their ends. */
  readonly reads: readonly ListRead[];
  /** Those of them that began after the last heal and after the last put had ended: what is there for good. */
  readonly finalReads: readonly ListRead[];
}

/** The collections that were put into by that action through the wanted targets, and the reads of them through any target. */
export function collectionsOf(
  ops: readonly OpEvent[],
  action: 'add' | 'append',
  wanted: (target: string) => boolean,
  recoveredMs: number,
): readonly Collection[] {
  const keys = new Set(ops.filter((op) => op.action === action && wanted(op.target)).map(({ key }) => key));
  const byKey = Map.groupBy(
    ops.filter(({ key }) => keys.has(key)),
    ({ key }) => key,
  );
  return [...byKey].map(([key, ofKey]) => {
    // Whoever puts into the same key counts: an element of another target is not unexpected.
    const puts = new Map(ofKey.filter((op) => op.action === action).map((op) => [elementOf(op.value), op]));
    const lastMs = Math.max(recoveredMs, ...[...puts.values()].map(({ endMs }) => endMs));
    const reads = ofKey
      .filter((op) => op.action === 'read' && op.outcome === 'ok')
      .map((event): ListRead => ({ event, elements: listOf(event.value).map(elementOf) }))
      .sort((a, b) => a.event.endMs - b.event.endMs);
    return { key, puts, reads, finalReads: reads.filter(({ event }) => event.startMs >= lastMs) };
  });
}

export const elementOf = (value: Json): string => JSON.stringify(value);

/** What is absent is empty; a value that is no list is a list of it alone, which nobody can have put in. */
function listOf(value: Json): readonly Json[] {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** One thing that is wrong with a collection. */
export interface Finding {
  readonly kind: 'lost' | 'stale' | 'resurrected' | 'unexpected' | 'duplicated' | 'reordered';
  readonly key: string;
  readonly element: string;
  /** The put, where one is known, and the read that shows it. */
  readonly evidence: readonly OpEvent[];
}

/** What both models forbid of every read: elements that nobody put in, that were refused, or that are there twice. */
export function strangers({ key, puts }: Collection, { event, elements }: ListRead): readonly Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const element of elements) {
    const put = puts.get(element);
    const evidence = put === undefined ? [event] : [put, event];
    if (seen.has(element)) findings.push({ kind: 'duplicated', key, element, evidence });
    else if (put === undefined) findings.push({ kind: 'unexpected', key, element, evidence });
    else if (put.outcome === 'failed') findings.push({ kind: 'resurrected', key, element, evidence });
    seen.add(element);
  }
  return findings;
}

/** Acknowledged elements that final reads do not have: lost when none has them, stale when some have. */
export function missing({ key, puts, finalReads }: Collection): readonly Finding[] {
  const reads = finalReads.map(({ event, elements }) => ({ event, has: new Set(elements) }));
  return [...puts].flatMap(([element, put]): Finding[] => {
    if (put.outcome !== 'ok') return [];
    const without = reads.filter(({ has }) => !has.has(element));
    const [first] = without;
    if (first === undefined) return [];
    const kind = without.length === reads.length ? 'lost' : 'stale';
    return [{ kind, key, element, evidence: [put, first.event] }];
  });
}
