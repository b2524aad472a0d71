import { HarnessError } from '../harness/model/errors.ts';

/**
 * A count from a command line.
 * @throws HarnessError `bad-input` naming the option
 */
export function wholeNumber(given: string | boolean | undefined, otherwise: number, option: string): number {
  if (given === undefined) return otherwise;
  if (typeof given === 'string' && /^\d{1,9}$/.test(given)) return Number(given);
  throw new HarnessError('bad-input', `${option}: expected a whole number, found '${String(given)}'`);
}
