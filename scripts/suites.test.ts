import { expect } from 'chai';

import { longSpecs } from './suites.ts';

describe('longSpecs', () => {
  it('finds the scenarios, and neither helpers nor the tests that `npm run check` runs', () => {
    const specs = longSpecs();
    expect(specs).to.include('suites/chaos/etcd-leader-loss.ts');
    expect(specs).to.include.members(['suites/sabotage/blindness.ts', 'suites/sabotage/crowded-zone.ts']);
    expect(specs.filter((spec) => spec.startsWith('suites/sabotage/planted/'))).to.deep.equal([]);
    expect(specs.filter((spec) => spec.startsWith('suites/self/'))).to.deep.equal([]);
  });
});
