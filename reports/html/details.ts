import type { Json } from '../../harness/model/json.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { labelOf } from '../wording.ts';

export type Fields = Readonly<Record<string, Json>>;

/** A list that a judge left in its details, and whose it is. */
export interface Listed {
  readonly guarantee: string;
  readonly key: string;
  /** The text and number fields beside the list: which object, which limit. */
  readonly about: Fields;
  readonly rows: readonly Fields[];
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRows(value: Json): value is readonly Fields[] {
  return Array.isArray(value) && value.length > 0 && (value as readonly Json[]).every(isFields);
}

/** What lies deeper than this is no list for a report. */
const deepest = 4;

function* lists(value: Json | undefined, keys: readonly string[], depth: number): Generator<Omit<Listed, 'guarantee'>> {
  if (depth > deepest || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) yield* lists(item, keys, depth + 1);
    return;
  }
  const fields = value as Fields;
  const about = Object.fromEntries(Object.entries(fields).filter(([, item]) => typeof item !== 'object'));
  for (const [key, item] of Object.entries(fields)) {
    if (keys.includes(key) && isRows(item)) yield { key, about, rows: item };
    else yield* lists(item, keys, depth + 1);
  }
}

/** Every list of that name in the details of the verdicts, wherever a judge put it. */
export function listsOf(report: RunReport, ...keys: readonly string[]): Listed[] {
  return report.guarantees.flatMap(({ spec, verdict }) =>
    [...lists(verdict.details, keys, 0)].map((listed) => ({ ...listed, guarantee: labelOf(spec) })),
  );
}

/** The number of the first of these fields that has one. */
export function numberOf(fields: Fields, ...keys: readonly string[]): number | null {
  const found = keys.map((key) => fields[key]).find((value) => typeof value === 'number');
  return found ?? null;
}

/** The text of the first of these fields that has one. */
export function textOf(fields: Fields, ...keys: readonly string[]): string | null {
  const found = keys.map((key) => fields[key]).find((value) => typeof value === 'string');
  return found ?? null;
}

/** The rows of a list inside of one row. */
export function rowsOf(fields: Fields, key: string): readonly Fields[] {
  const value = fields[key];
  return value !== undefined && isRows(value) ? value : [];
}
