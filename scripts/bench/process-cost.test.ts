import { expect } from 'chai';

import { percentOf, processesWith, readUsage, usageOf } from './process-cost.ts';

describe('the cost of a process', () => {
  it('is read from the fields of its stat, whatever its name', () => {
    const stat = '7 (a b) c) S 1 7 7 0 -1 4 100 0 0 0 12 3 40 5 20 0 1 0 999 8192 512 184467 1 1 0';
    expect(usageOf(stat)).to.deep.equal({ ownMs: 150, childrenMs: 450, residentMib: 2 });
  });

  it('is a share of one core', () => {
    expect(percentOf(150, 30_000)).to.equal(0.5);
  });

  it('is that of this process, when asked for it', () => {
    const { ownMs, residentMib } = readUsage('self');
    expect(ownMs).to.be.greaterThan(0);
    expect(residentMib).to.be.within(10, 4_096);
  });

  it('finds processes by their command line', () => {
    expect(processesWith(process.argv[1] ?? '')).to.include(String(process.pid));
    expect(processesWith('no command line has this in it, nor ever had')).to.deep.equal([]);
  });
});
