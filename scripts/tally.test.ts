import { expect } from 'chai';

import { add, lastLine, nothing } from './tally.ts';

describe('a tally', () => {
  it('adds up, and what was skipped is never counted as passed', () => {
    const sum = add({ passed: 2, failed: 1, skipped: ['a: no root'] }, nothing, {
      passed: 3,
      failed: 0,
      skipped: ['b'],
    });
    expect(sum).to.deep.equal({ passed: 5, failed: 1, skipped: ['a: no root', 'b'] });
    expect(lastLine(sum)).to.equal('5 passed, 1 failed');
  });
});
