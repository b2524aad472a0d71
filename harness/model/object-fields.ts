import { HarnessError } from './errors.ts';
import type { Json } from './json.ts';
import type { Selector } from './selector.ts';

/** Readers of single fields of recorded objects. */
type Fields = { readonly [key: string]: Json };

const wrong = (where: string, expected: string, found: Json | undefined): HarnessError =>
  new HarnessError(
    'history',
    `${where}: expected ${expected}, found ${found === undefined ? 'nothing' : JSON.stringify(found)}`,
  );

/** @throws HarnessError `history` when the value is not an object */
export function asObject(value: Json | undefined, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'an object', value);
  return value as Fields;
}

/** @throws HarnessError `history` when the field is not text */
export function text(fields: Fields, key: string, where: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw wrong(`${where}.${key}`, 'text', value);
  return value;
}

/** Text, or null when it is absent, null or empty. */
export function optionalText(fields: Fields, key: string): string | null {
  const value = fields[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** @throws HarnessError `history` when the field is there and no number; 0 when it is absent, as in the API */
export function number(fields: Fields, key: string, where: string): number {
  const value = fields[key];
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number') throw wrong(`${where}.${key}`, 'a number', value);
  return value;
}

export const boolean = (fields: Fields, key: string): boolean => fields[key] === true;

/** @throws HarnessError `history` when the field is there and no list; empty when it is absent */
export function array(fields: Fields, key: string): readonly Json[] {
  const value = fields[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(key, 'a list', value);
  return value as readonly Json[];
}

/** A map of labels; what is no text is left out. */
export function labels(value: Json | undefined): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A label selector or null; absent parts are empty. @throws HarnessError `history` when it is no object */
export function selectorOrNull(value: Json | undefined): Selector | null {
  return value === undefined || value === null ? null : selector(value);
}

/** @throws HarnessError `history` when the value is no object */
export function selector(value: Json | undefined): Selector {
  const given = asObject(value, 'selector');
  return {
    matchLabels: labels(given['matchLabels']),
    matchExpressions: array(given, 'matchExpressions').map((item) => {
      const expression = asObject(item, 'matchExpressions');
      return {
        key: text(expression, 'key', 'matchExpressions'),
        operator: text(expression, 'operator', 'matchExpressions'),
        values: array(expression, 'values').map(String),
      };
    }),
  };
}
