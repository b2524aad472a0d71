import { createHash } from 'node:crypto';

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

import type { Random } from '../model/fault.ts';

/** Every random choice of a run comes from here: the same seed and path of forks gives the same choices. */
export function seeded(seed: number, path = ''): Random {
  const digest = createHash('sha256')
    .update(`${String(seed)}/${path}`)
    .digest();
  const generator = xoroshiro128plus(digest.readInt32BE(0));
  const below = (limit: number): number => {
    if (!Number.isInteger(limit) || limit < 1)
      throw new RangeError(`a random number below ${String(limit)} does not exist`);
    return uniformInt(generator, 0, limit - 1);
  };
  const sample = <T>(items: readonly T[], count: number): T[] => {
    if (count > items.length) throw new RangeError(`cannot choose ${String(count)} of ${String(items.length)}`);
    const left = [...items];
    return Array.from({ length: count }, () => left.splice(below(left.length), 1)).flat();
  };
  return {
    below,
    sample,
    pick: <T>(items: readonly T[]): T => {
      const [chosen] = sample(items, 1);
      return chosen as T;
    },
    fork: (name) => seeded(seed, `${path}/${name}`),
  };
}
