import { expect } from 'chai';

import { clusterSpecs } from './suites.ts';

describe('clusterSpecs', () => {
  it('finds the scenarios, and neither helpers nor the tests that need no cluster', () => {
    const specs = clusterSpecs();
    expect(specs).to.include('suites/chaos/etcd-leader-loss.ts');
    expect(specs.filter((spec) => spec.startsWith('suites/self/'))).to.deep.equal([]);
  });
});
