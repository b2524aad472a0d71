import { expect } from 'chai';

import { HarnessError } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { packetLoss } from './packet-loss.ts';

describe('packet-loss', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const planned = async (given: { readonly [key: string]: string | number }) =>
    packetLoss.plan(contextOf(cluster), packetLoss.params(given));

  it('tosses for packets of the link alone, in the directions that were asked for', async () => {
    const rules = async (direction: string) =>
      (await planned({ direction, percent: 2.5 })).filters[0]?.rules.map(({ hook, match }) => `${hook}: ${match}`);
    expect(await rules('in')).to.deep.equal(['prerouting: iifname "eth0" numgen random mod 1000 < 25']);
    expect(await rules('out')).to.deep.equal(['postrouting: oifname "eth0" numgen random mod 1000 < 25']);
    expect(await rules('both')).to.have.length(2);
  });

  it('says how many new connections will suffer', async () => {
    const plan = await planned({ percent: 50 });
    expect(packetLoss.impact(plan, cluster.facts)).to.include('about 75 % of new connections');
  });

  it('refuses a share that cannot be proved', () => {
    expect(() => packetLoss.params({ percent: 0 })).to.throw(HarnessError, 'packet-loss.percent');
    expect(() => packetLoss.params({ percent: 100 })).to.throw(HarnessError, 'packet-loss.percent');
  });

  it('tells how many connections were asked for again, and the kernel counted', async () => {
    const context = contextOf(cluster);
    const plan = await planned({});
    await packetLoss.inject(context, plan);
    expect(await packetLoss.proveActive(context, plan)).to.match(/of 20 new connections .* asked for again .*dropped/);
  });
});
