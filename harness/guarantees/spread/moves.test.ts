import { expect } from 'chai';
import fc from 'fast-check';

import { formatMoves, movesTo } from './moves.ts';

describe('movesTo', () => {
  const rows: readonly [Record<string, number>, number, string][] = [
    [{ a: 2, b: 2, c: 2 }, 1, ''],
    [{ a: 0, b: 3, c: 3 }, 1, '1 pod from b to a, 1 pod from c to a'],
    [{ a: 0, b: 0, c: 6 }, 1, '2 pods from c to b, 2 pods from c to a'],
    [{ a: 1, b: 4 }, 2, '1 pod from b to a'],
    [{ a: 5 }, 1, ''],
    [{}, 1, ''],
  ];
  for (const [domains, maxSkew, says] of rows) {
    it(`${JSON.stringify(domains)} to ${String(maxSkew)}: ${says || 'nothing'}`, () => {
      expect(formatMoves(movesTo(domains, maxSkew))).to.equal(says);
    });
  }

  it('always reaches the skew that is allowed, and loses no pod', () => {
    const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(40), { minKeys: 1 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 4 }), (domains, maxSkew) => {
        const after = { ...domains };
        for (const { from, to, pods } of movesTo(domains, maxSkew)) {
          after[from] = (after[from] ?? 0) - pods;
          after[to] = (after[to] ?? 0) + pods;
        }
        const values = Object.values(after);
        expect(Math.max(...values) - Math.min(...values)).to.be.at.most(maxSkew);
        expect(Math.min(...values)).to.be.at.least(0);
      }),
    );
  });
});
