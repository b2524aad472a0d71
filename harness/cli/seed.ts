import { HarnessError } from '../model/errors.ts';

const largestSeed = 2 ** 32 - 1;

/** @throws HarnessError `bad-input` for anything but a whole number from 0 to 4294967295 */
export function parseSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (seed <= largestSeed) return seed;
  throw new HarnessError(
    'bad-input',
    `--seed: expected a whole number from 0 to ${String(largestSeed)}, found '${text}'`,
  );
}
