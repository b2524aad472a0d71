import type { History, StateEvent } from '../../harness/model/history.ts';

/** What an object was from one instant to the next change. */
export interface Period<Value> {
  readonly startMs: number;
  readonly endMs: number;
  readonly value: Value;
}

export interface Life<Value> {
  readonly name: string;
  readonly namespace: string;
  readonly periods: readonly Period<Value>[];
  /** When it was deleted, or null. */
  readonly deletedMs: number | null;
}

/** A value that a recorder of another version wrote differently is left out: a report draws what it can read. */
function readOrNull<Value>(event: StateEvent, read: (value: StateEvent['value']) => Value): Value | null {
  try {
    return read(event.value);
  } catch {
    return null;
  }
}

function live<Value>(
  events: readonly StateEvent[],
  endMs: number,
  read: (value: StateEvent['value']) => Value,
): Life<Value> {
  const periods: Period<Value>[] = [];
  let deletedMs: number | null = null;
  events.forEach((event, at) => {
    if (event.change === 'deleted') {
      deletedMs = event.atMs;
      return;
    }
    const value = readOrNull(event, read);
    if (value !== null) periods.push({ startMs: event.atMs, endMs: events[at + 1]?.atMs ?? endMs, value });
  });
  const [first] = events;
  return { name: first?.name ?? '', namespace: first?.namespace ?? '', periods, deletedMs };
}

/** The lives of all objects of a kind, by name; a new object of an old name is another life. */
export function livesOf<Value>(
  history: History,
  object: string,
  endMs: number,
  read: (value: StateEvent['value']) => Value,
): Life<Value>[] {
  const events = history.filter((event): event is StateEvent => event.kind === 'state' && event.object === object);
  const byObject = Map.groupBy(events, ({ namespace, name, uid }) => `${namespace}/${name}/${uid}`);
  return [...byObject.values()]
    .map((each) =>
      live(
        [...each].sort((left, right) => left.atMs - right.atMs),
        endMs,
        read,
      ),
    )
    .filter(({ periods }) => periods.length > 0)
    .sort((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true }));
}

/** Neighbouring periods that look the same, as one: few boxes, and no seams between them. */
export function merged<Value>(periods: readonly Period<Value>[]): Period<Value>[] {
  const result: Period<Value>[] = [];
  for (const period of periods) {
    const last = result.at(-1);
    if (last !== undefined && JSON.stringify(last.value) === JSON.stringify(period.value)) {
      result[result.length - 1] = { ...last, endMs: period.endMs };
    } else {
      result.push(period);
    }
  }
  return result;
}
