import type { Json } from '../../model/json.ts';
import { few } from '../sentence.ts';
import type { Conflict } from './conflict.ts';
import type { Operation } from './operation.ts';

const valueText = (value: Json | undefined): string =>
  value === null || value === undefined ? 'nothing' : JSON.stringify(value);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3)} s`;

/** `the write of 2 by c1 (0.020 s to 0.030 s)`. */
export function describeOperation({ event, endMs }: Operation): string {
  const { action, client, value, expected, startMs } = event;
  const what =
    action === 'cas' && expected !== undefined
      ? `from ${valueText(expected)} to ${valueText(value)}`
      : `of ${valueText(value)}`;
  const when =
    event.outcome === 'unknown' || endMs === Infinity
      ? `from ${seconds(startMs)}, without an answer`
      : `${seconds(startMs)} to ${seconds(endMs)}`;
  return `the ${action} ${what} by ${client} (${when})`;
}

/** Why a key's history is not linearizable: the operation that fits no order, and those that it contradicts. */
export function describeConflict(key: string, { at, with: others }: Conflict): string {
  const what = `key ${key}: ${describeOperation(at)} fits no order`;
  if (others === null) return `${what} of the operations until then`;
  if (others.length === 0) return `${what}: no operation until then can have made the value that it found`;
  return `${what} with ${few(others.map(describeOperation), 4)}`;
}
