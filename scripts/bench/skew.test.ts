import { expect } from 'chai';

import { skewOf } from './skew.ts';

const sign = (target: string, atMs: number) => ({ target, atMs });

describe('the skew of a fault', () => {
  it('lies between the first signs of its first and its last target', () => {
    const signs = [sign('b', 30), sign('a', 12), sign('c', 20), sign('a', 90), sign('elsewhere', 500)];
    expect(skewOf(['a', 'b', 'c'], signs)).to.equal(18);
  });

  it('is unknown when a target gave no sign, and of one target there is none', () => {
    expect(skewOf(['a', 'b'], [sign('a', 12)])).to.equal(null);
    expect(skewOf(['a'], [sign('a', 12)])).to.equal(null);
    expect(skewOf([], [])).to.equal(null);
  });
});
