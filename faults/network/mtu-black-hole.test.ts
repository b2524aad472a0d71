import { expect } from 'chai';

import { HarnessError } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { mtuBlackHole } from './mtu-black-hole.ts';

describe('mtu-black-hole', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('drops what is large and may not be split, both ways, and only what is forwarded', async () => {
    const { filters } = await mtuBlackHole.plan(contextOf(cluster), mtuBlackHole.params({ maxBytes: 1_200 }));
    expect(filters[0]?.rules.map(({ hook, match }) => `${hook}: ${match}`)).to.deep.equal([
      'forward: iifname "eth0" meta length > 1200 ip frag-off & 0x4000 != 0',
      'forward: oifname "eth0" meta length > 1200 ip frag-off & 0x4000 != 0',
    ]);
  });

  it('refuses a node without a pod that could show it', async () => {
    const planned = mtuBlackHole.plan(contextOf(cluster), mtuBlackHole.params({ role: 'control-plane' }));
    const error: unknown = await planned.catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'refused');
  });

  it('tells the small bytes that got through from the large that did not', async () => {
    const context = contextOf(cluster);
    const plan = await mtuBlackHole.plan(context, mtuBlackHole.params({}));
    await mtuBlackHole.inject(context, plan);
    expect(await mtuBlackHole.proveActive(context, plan)).to.include('100 bytes are acknowledged and 4000 of 4000');
  });

  it('asks another pod of the node when the first one takes no connection', async () => {
    const context = contextOf(cluster);
    const plan = await mtuBlackHole.plan(context, mtuBlackHole.params({}));
    const [first, second] = plan.pods;
    cluster.network.silent.add(first!.address);
    await mtuBlackHole.inject(context, plan);
    expect(await mtuBlackHole.proveActive(context, plan)).to.include(`to ${second!.pod} on`);
    await mtuBlackHole.heal(context, plan);
    expect(await mtuBlackHole.proveGone(context, plan)).to.include(`to ${second!.pod} on`);
  });

  it('is gone when large packets reach the pods that are on the node now, or when none is there', async () => {
    const context = contextOf(cluster);
    const plan = await mtuBlackHole.plan(context, mtuBlackHole.params({}));
    cluster.network.silent.add(plan.pods[0]!.address);
    const replaced = { ...plan, pods: plan.pods.slice(0, 1) };
    expect(await mtuBlackHole.proveGone(context, replaced)).to.include(`to ${plan.pods[1]!.pod} on`);
    cluster.workload.pods = cluster.workload.pods.filter(({ node }) => node !== plan.node);
    expect(await mtuBlackHole.proveGone(context, replaced)).to.include('any more, so none was asked');
  });

  it('is gone when large packets reach the pods of the plan, where the API cannot be asked', async () => {
    const context = contextOf(cluster);
    const plan = await mtuBlackHole.plan(context, mtuBlackHole.params({}));
    cluster.workload.lists = false;
    expect(await mtuBlackHole.proveGone(context, plan)).to.include(`to ${plan.pods[0]!.pod} on`);
  });
});
