import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { portBlock } from './port-block.ts';

describe('port-block', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('blocks one port on the link alone', async () => {
    const { filters } = await portBlock.plan(contextOf(cluster), portBlock.params({ port: 30_080, protocol: 'udp' }));
    expect(filters[0]?.rules.map(({ match }) => match)).to.deep.equal(['iifname "eth0" udp dport { 30080 }']);
  });

  it('refuses a port that is silent already', async () => {
    const context = contextOf(cluster);
    const params = portBlock.params({ node: 'w1' });
    await portBlock.inject(context, await portBlock.plan(context, params));
    const error: unknown = await portBlock.plan(context, params).catch((caught: unknown) => caught);
    expect(messageOf(error)).to.equal('Port 10250 of w1 is silent already, so blocking it would show nothing');
  });

  it('counts the datagrams of a witness at the rule', async () => {
    const context = contextOf(cluster);
    const plan = await portBlock.plan(context, portBlock.params({ protocol: 'udp', port: 53, node: 'w1' }));
    await portBlock.inject(context, plan);
    expect(await portBlock.proveActive(context, plan)).to.match(/^of 3 datagrams from \w+ to port 53 of w1, 3 were/);
  });
});
