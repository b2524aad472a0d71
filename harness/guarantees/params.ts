import { toMs } from '../model/duration.ts';
import { HarnessError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';

/** The parameters of one guarantee as a scenario gave them, read field by field. */
export class Params {
  readonly #guarantee: string;
  readonly #given: { readonly [key: string]: Json };

  /** @throws HarnessError `bad-input` when it is no object or has a field that is not known */
  constructor(guarantee: string, given: Json, known: readonly string[]) {
    this.#guarantee = guarantee;
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new HarnessError('bad-input', `${guarantee}: expected an object, found ${JSON.stringify(given)}`);
    this.#given = given as { readonly [key: string]: Json };
    const unknown = Object.keys(this.#given).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      const expected = known.length === 0 ? 'none' : `one of ${known.join(', ')}`;
      throw new HarnessError('bad-input', `${guarantee}.${unknown}: there is no such field; expected ${expected}`);
    }
  }

  /** Whether the field was given at all. */
  has(field: string): boolean {
    return this.#given[field] !== undefined && this.#given[field] !== null;
  }

  /** A duration as it was written, and in milliseconds. @throws HarnessError `bad-input` */
  duration(field: string, otherwise?: string): { readonly text: string; readonly ms: number } {
    const text = this.#given[field] ?? otherwise;
    if (typeof text !== 'string') throw this.#wrong(field, 'a duration such as 250ms, 15s, 2m or 1h');
    const ms = toMs(text, `${this.#guarantee}.${field}`);
    if (ms <= 0) throw this.#wrong(field, 'a duration above zero');
    return { text, ms };
  }

  /** A whole number of at least `least`; null when it is left out. @throws HarnessError `bad-input` */
  count(field: string, least: number): number | null {
    const value = this.#given[field];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least)
      throw this.#wrong(field, `a whole number of at least ${String(least)}`);
    return value;
  }

  /** A number between two bounds, neither of which it may be. @throws HarnessError `bad-input` naming what is expected */
  between(field: string, above: number, below: number, expected: string, otherwise?: number): number {
    const value = this.#given[field] ?? otherwise;
    if (typeof value !== 'number' || !(value > above && value < below)) throw this.#wrong(field, expected);
    return value;
  }

  /** A percentage as it was written, `1%`, above zero and at most 100. @throws HarnessError `bad-input` */
  percentage(field: string, otherwise?: string): { readonly text: string; readonly percent: number } {
    const text = this.#given[field] ?? otherwise;
    const [, digits] = (typeof text === 'string' ? /^(\d+(?:\.\d+)?)\s?%$/.exec(text) : null) ?? [];
    const percent = Number(digits);
    if (typeof text !== 'string' || !(percent > 0 && percent <= 100))
      throw this.#wrong(field, 'a percentage above 0% and up to 100%, such as 1%');
    return { text, percent };
  }

  /** Text that is not empty; null when it is left out. @throws HarnessError `bad-input` */
  text(field: string): string | null {
    const value = this.#given[field];
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string' || value === '') throw this.#wrong(field, 'a name or a pattern such as nodeport-*');
    return value;
  }

  /** One of some words; null when it is left out. @throws HarnessError `bad-input` */
  word<T extends string>(field: string, words: readonly T[]): T | null {
    const value = this.#given[field];
    if (value === undefined || value === null) return null;
    const word = words.find((one) => one === value);
    if (word === undefined) throw this.#wrong(field, `one of ${words.join(', ')}`);
    return word;
  }

  #wrong(field: string, expected: string): HarnessError {
    const found = this.#given[field];
    const text = found === undefined ? 'nothing' : JSON.stringify(found);
    return new HarnessError('bad-input', `${this.#guarantee}.${field}: expected ${expected}, found ${text}`);
  }
}
