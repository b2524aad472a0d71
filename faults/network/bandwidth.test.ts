import { expect } from 'chai';

import { HarnessError } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { bandwidth } from './bandwidth.ts';

describe('bandwidth', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('refuses a rate that could not be proved', () => {
    expect(() => bandwidth.params({ kbitPerSecond: 1 })).to.throw(HarnessError, 'bandwidth.kbitPerSecond');
    expect(() => bandwidth.params({ kbitPerSecond: 1_000_000 })).to.throw(HarnessError, 'bandwidth.kbitPerSecond');
  });

  it('compares what the node could send with what another could', async () => {
    const context = contextOf(cluster);
    const plan = await bandwidth.plan(context, bandwidth.params({ kbitPerSecond: 500, node: 'w1' }));
    await bandwidth.inject(context, plan);
    expect(await bandwidth.proveActive(context, plan)).to.match(
      /^of 900000 kbit\/s that w1 sent, 500 left its link; \w+ got out 900000$/,
    );
  });

  it('gives the bucket 10 ms of a fast link', async () => {
    const context = contextOf(cluster);
    const plan = await bandwidth.plan(context, bandwidth.params({ kbitPerSecond: 20_000, node: 'w1' }));
    await bandwidth.inject(context, plan);
    expect(cluster.node('w1').asked.at(-1)).to.include('rate 20000kbit burst 25000 latency 25ms');
  });

  it('is not gone while the queue is there', async () => {
    const context = contextOf(cluster, 1, AbortSignal.timeout(500));
    const plan = await bandwidth.plan(context, bandwidth.params({}));
    await bandwidth.inject(context, plan);
    const error: unknown = await bandwidth.proveGone(context, plan).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'fault-not-gone');
  });
});
