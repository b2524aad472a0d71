import { expect } from 'chai';

import { seeded } from '../util/random.ts';
import { differenceOfMeans } from './bootstrap.ts';
import { changePoints } from './change-points.ts';

/** Values with that mean and deviation, nearly normal: the sum of twelve uniform ones (Irwin and Hall). */
function values(count: number, mean: number, deviation: number, name: string): number[] {
  const random = seeded(1, name);
  const uniform = (): number => random.below(1_000_000) / 1_000_000;
  return Array.from({ length: count }, () => {
    const sum = Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, 0);
    return mean + deviation * (sum - 6);
  });
}

describe('the difference of means', () => {
  it('has the truth in its interval in 95 of 100 cases, also with few runs', () => {
    const cases = 100;
    for (const count of [6, 20]) {
      const covering = Array.from({ length: cases }, (_, index) => {
        const a = values(count, 1_000, 100, `${String(count)}/${String(index)}/a`);
        const b = values(count, 1_300, 300, `${String(count)}/${String(index)}/b`);
        const { lower, upper } = differenceOfMeans(a, b, seeded(index));
        return lower <= 300 && 300 <= upper;
      }).filter(Boolean).length;
      expect(covering / cases, `${String(count)} runs each`).to.be.within(0.89, 1);
    }
  }).timeout(20_000);

  it('is the same for the same seed, and nothing for equal values', () => {
    const [a, b] = [values(8, 1_000, 50, 'a'), values(8, 1_200, 50, 'b')];
    expect(differenceOfMeans(a, b, seeded(3))).to.deep.equal(differenceOfMeans(a, b, seeded(3)));
    expect(differenceOfMeans([2, 2, 2], [2, 2, 2], seeded(3))).to.deep.equal({ difference: 0, lower: 0, upper: 0 });
  });
});

describe('the points where a level changes', () => {
  it('finds steps where they are', () => {
    const series = [
      ...values(15, 1_000, 50, 'first'),
      ...values(12, 1_300, 50, 'high'),
      ...values(10, 900, 50, 'lower'),
    ];
    expect(changePoints(series)).to.deep.equal([15, 27]);
  });

  it('finds none in 95 of 100 level series', () => {
    const found = Array.from({ length: 200 }, (_, index) => changePoints(values(40, 1_000, 50, String(index))));
    expect(found.filter(({ length }) => length > 0).length).to.be.at.most(10);
  });

  it('finds none in equal values, and none in too few', () => {
    expect(changePoints(Array.from({ length: 30 }, () => 5))).to.deep.equal([]);
    expect(changePoints([1, 1, 1, 9, 9, 9])).to.deep.equal([]);
  });

  it('finds a step between two exact levels', () => {
    expect(changePoints([0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7])).to.deep.equal([6]);
  });
});
