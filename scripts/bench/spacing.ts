import type { History } from '../../harness/model/history.ts';

/** The gaps between the starts of requests, in milliseconds, of each path and connection mode. */
export function spacings(history: History, fromMs: number, toMs: number): ReadonlyMap<string, readonly number[]> {
  const starts = new Map<string, number[]>();
  for (const event of history) {
    if (event.kind !== 'request' || event.startMs < fromMs || event.startMs > toMs) continue;
    // A request that was due and could not be sent is no sample.
    if (event.error === 'dropped') continue;
    const key = `${event.path} (${event.mode})`;
    const list = starts.get(key);
    if (list === undefined) starts.set(key, [event.startMs]);
    else list.push(event.startMs);
  }
  return new Map(
    [...starts].map(([key, list]) => {
      const sorted = list.sort((a, b) => a - b);
      return [key, sorted.slice(1).map((startMs, index) => startMs - (sorted[index] ?? startMs))];
    }),
  );
}

/** From the opening of the steady gate to the first injection: the run on a steady cluster. Null without both. */
export function steadyTime(history: History): { readonly fromMs: number; readonly toMs: number } | null {
  const steady = history.find((event) => event.kind === 'phase' && event.phase === 'steady' && event.state === 'ended');
  const drained = history.find(
    (event) => event.kind === 'phase' && event.phase === 'recover' && event.state === 'started',
  );
  if (steady?.kind !== 'phase' || drained?.kind !== 'phase') return null;
  return { fromMs: steady.atMs, toMs: drained.atMs };
}
