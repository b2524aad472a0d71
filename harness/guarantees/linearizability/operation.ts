import type { OpEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';

/** One operation as the checker sees it: its values are small numbers, and its end is infinite when it has none. */
export interface Operation {
  readonly event: OpEvent;
  readonly kind: 'read' | 'write' | 'cas';
  /** The value that must be there for a read or a cas to take effect; unused by a write. */
  readonly needs: number;
  /** The value that is there after a write or a cas; unused by a read. */
  readonly makes: number;
  readonly startMs: number;
  /** Infinity for an operation that may take effect at any time after its start, or never. */
  readonly endMs: number;
}

/** What happened to one key. */
export interface Register {
  readonly key: string;
  readonly operations: readonly Operation[];
  /** The value before the first operation: absent. */
  readonly initial: number;
  /** Operations without an answer, which may have taken effect. */
  readonly indeterminate: number;
  /** Compare-and-sets that do not say what they demanded: they are checked as if they demanded nothing. */
  readonly blind: number;
}

/** The same text for equal values, whatever the order of their fields. */
function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}

/** Gives equal values the same number. */
function numbering(): (value: Json) => number {
  const numbers = new Map<string, number>();
  return (value) => {
    const text = canonical(value);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
}

/** The operation, or null where it says nothing: a failed one had no effect, and a read without an answer saw nothing. */
function operationOf(event: OpEvent, numberOf: (value: Json) => number): Operation | null {
  if (event.outcome === 'failed') return null;
  if (event.action === 'read' && event.outcome === 'unknown') return null;
  const value = numberOf(event.value);
  const times = { startMs: event.startMs, endMs: event.outcome === 'ok' ? event.endMs : Infinity };
  if (event.action === 'read') return { event, kind: 'read', needs: value, makes: value, ...times };
  if (event.action === 'cas' && event.expected !== undefined)
    return { event, kind: 'cas', needs: numberOf(event.expected), makes: value, ...times };
  return { event, kind: 'write', needs: value, makes: value, ...times };
}

/** A history is linearizable when that of each key is (Herlihy and Wing 1990, locality): the keys are checked apart. */
export function registersOf(events: readonly OpEvent[]): readonly Register[] {
  const byKey = Map.groupBy(events, ({ key }) => key);
  return [...byKey].map(([key, ofKey]) => {
    const numberOf = numbering();
    const initial = numberOf(null);
    const operations = ofKey.map((event) => operationOf(event, numberOf)).filter((each) => each !== null);
    return {
      key,
      operations,
      initial,
      indeterminate: operations.filter(({ endMs }) => endMs === Infinity).length,
      blind: ofKey.filter(({ action, expected }) => action === 'cas' && expected === undefined).length,
    };
  });
}
