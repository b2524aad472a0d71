import { expect } from 'chai';

import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { evict } from './evict.ts';

describe('evict', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('reports what the budget refused, in its own words', async () => {
    cluster.workload.budget = 2;
    const plan = await evict.plan(contextOf(cluster), evict.params({ count: 4 }));
    await evict.inject(contextOf(cluster), plan);
    expect(await evict.proveActive(contextOf(cluster), plan)).to.equal(
      '2 of 4 evicted (2 gone, 0 terminating), 2 refused; refused: 429: The disruption budget web needs 4 healthy pods and has 4 currently',
    );
  });

  it('is felt in the refusals when the budget allows nothing, and not when nobody asked', async () => {
    cluster.workload.budget = 0;
    const plan = await evict.plan(contextOf(cluster), evict.params({}));
    const unasked = await evict.proveActive(contextOf(cluster), plan).catch((error: unknown) => String(error));
    expect(unasked).to.include('The API was never asked to evict a pod');
    await evict.inject(contextOf(cluster), plan);
    expect(await evict.proveActive(contextOf(cluster), plan)).to.match(/^0 of 1 evicted .*1 refused/);
  });
});
