import { expect } from 'chai';

import { parseSeed } from './seed.ts';

describe('parseSeed', () => {
  it('takes whole numbers of 32 bits', () => {
    expect(parseSeed('0')).to.equal(0);
    expect(parseSeed('4294967295')).to.equal(4_294_967_295);
  });

  for (const wrong of ['-1', '1.5', '0x10', '4294967296', '', 'seven', '1e3']) {
    it(`refuses '${wrong}' and names what it found`, () => {
      expect(() => parseSeed(wrong)).to.throw(`--seed: expected a whole number from 0 to 4294967295, found '${wrong}'`);
    });
  }
});
