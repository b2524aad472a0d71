import { expect } from 'chai';

import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { nodePartition } from './node-partition.ts';

describe('node-partition', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('has a sentence for a node that is not there and for a node cut from itself', () => {
    const pair = (first: string, second: string) =>
      nodePartition.obstacle(cluster.facts, nodePartition.params({ pairs: [[first, second]] }));
    expect(pair('w1', 'w9')).to.equal('fake has no node named w9.');
    expect(pair('w1', 'w1')).to.equal('A node such as w1 cannot be cut from itself.');
  });

  it('refuses a node that is not Ready', async () => {
    await cluster.power('w2').off();
    const params = nodePartition.params({ pairs: [['w1', 'w2']] });
    const error: unknown = await nodePartition.plan(contextOf(cluster), params).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(HarnessError);
    expect(messageOf(error)).to.equal('w2 is not Ready, so cutting it off would show nothing');
  });

  it('one way, drops at the second and only counts at the first', async () => {
    const params = nodePartition.params({ pairs: [['w1', 'w2']], direction: 'first-to-second' });
    const { filters } = await nodePartition.plan(contextOf(cluster), params);
    expect(filters.map(({ node, rules }) => [node, rules[0]?.verdict])).to.deep.equal([
      ['w1', 'continue'],
      ['w2', 'drop'],
    ]);
  });

  it('does not call it gone while the table is there', async () => {
    const context = contextOf(cluster, 1, AbortSignal.timeout(500));
    const plan = await nodePartition.plan(context, nodePartition.params({}));
    await nodePartition.inject(context, plan);
    const error: unknown = await nodePartition.proveGone(context, plan).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'fault-not-gone');
  });
});
