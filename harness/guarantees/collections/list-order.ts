import type { Collection, Finding, ListRead } from './collect.ts';

/** What is wrong with the order of a list: reads that are no prefix of the longest one, go back, or contradict time. */
export function disorder(collection: Collection): readonly Finding[] {
  const [first] = collection.reads;
  if (first === undefined) return [];
  const longest = collection.reads.reduce((a, b) => (b.elements.length > a.elements.length ? b : a), first);
  return [...forks(collection, longest), ...setbacks(collection), ...untimely(collection, longest)];
}

/** Elements are only ever put at the end, so that every read is a prefix of every longer one. */
function forks({ key, reads }: Collection, longest: ListRead): Finding[] {
  return reads.flatMap(({ event, elements }): Finding[] => {
    const at = elements.findIndex((element, index) => element !== longest.elements[index]);
    if (at === -1) return [];
    return [{ kind: 'reordered', key, element: elements[at] ?? '', evidence: [event, longest.event] }];
  });
}

/** A read that begins after another has ended, or after an append was acknowledged, must show what that one did. */
function setbacks({ key, puts, reads }: Collection): Finding[] {
  const findings: Finding[] = [];
  const byStart = [...reads].sort((a, b) => a.event.startMs - b.event.startMs);
  const acknowledged = [...puts]
    .filter(([, { outcome }]) => outcome === 'ok')
    .sort(([, a], [, b]) => a.endMs - b.endMs);
  const known = new Map<string, ListRead['event']>();
  let [ended, appended] = [0, 0];
  for (const { event, elements } of byStart) {
    for (; (reads[ended]?.event.endMs ?? Infinity) < event.startMs; ended += 1)
      for (const element of reads[ended]?.elements ?? [])
        if (!known.has(element)) known.set(element, reads[ended]?.event ?? event);
    for (; (acknowledged[appended]?.[1].endMs ?? Infinity) < event.startMs; appended += 1) {
      const [element, put] = acknowledged[appended] ?? [];
      if (element !== undefined && put !== undefined && !known.has(element)) known.set(element, put);
    }
    const has = new Set(elements);
    const gone = [...known].find(([element]) => !has.has(element));
    if (gone !== undefined) findings.push({ kind: 'stale', key, element: gone[0], evidence: [gone[1], event] });
  }
  return findings;
}

/** An append that was acknowledged before another began stands before it. */
function untimely({ key, puts }: Collection, { event, elements }: ListRead): Finding[] {
  let latest: { element: string; startMs: number } | null = null;
  for (const element of elements) {
    const put = puts.get(element);
    if (put === undefined) continue;
    if (latest !== null && put.outcome === 'ok' && put.endMs < latest.startMs) {
      const later = puts.get(latest.element);
      return [{ kind: 'reordered', key, element, evidence: [put, ...(later === undefined ? [] : [later]), event] }];
    }
    if (latest === null || put.startMs > latest.startMs) latest = { element, startMs: put.startMs };
  }
  return [];
}
