import { expect } from 'chai';

import { summaryOf, tableOf } from './figure.ts';

describe('a figure', () => {
  it('is summed up by its order, whatever that was', () => {
    expect(summaryOf([3, 1, 2])).to.deep.equal({ n: 3, min: 1, median: 2, p99: 3, max: 3 });
    expect(summaryOf([])).to.equal(null);
  });

  it('is shown with its target and its unit, and as a gap when nothing was measured', () => {
    const table = tableOf([
      { name: 'up', unit: 'ms', target: 10_000, values: [9_500, 8_000], note: 'warm' },
      { name: 'down', unit: 'ms', target: 3_000, values: [] },
    ]);
    expect(table).to.match(/\| up +\| +<= 10\.0 s \| +8\.75 s \| +8\.00 s \| +9\.50 s \| +9\.50 s \| +2 \| warm/);
    expect(table).to.match(/\| down +\| +<= 3\.00 s \| +- \|/);
  });
});
