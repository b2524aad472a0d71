import { expect } from 'chai';

import { HarnessError } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { azLoss } from './az-loss.ts';

describe('az-loss', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('takes every node of the zone and asks from outside it', async () => {
    const plan = await azLoss.plan(contextOf(cluster), azLoss.params({ zone: 'zone-b' }));
    expect(azLoss.targets(plan)).to.deep.equal(['cp2', 'w2']);
    for (const { witness } of plan.nodes) expect(['cp2', 'w2']).to.not.include(witness);
    expect(azLoss.impact(plan, cluster.facts)).to.include('2 of 3 etcd members are left, and a quorum needs 2');
  });

  it('refuses the loss of the quorum with the arithmetic, unless it is asked for by name', async () => {
    cluster.etcd.member('cp1').process = null;
    const planned = async (given: { readonly [key: string]: string | boolean }) =>
      azLoss.plan(contextOf(cluster), azLoss.params({ zone: 'zone-b', ...given }));
    const error: unknown = await planned({}).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'refused');
    expect((error as HarnessError).message).to.include('would leave 1 of 3 voting members');
    expect((await planned({ allowQuorumLoss: true })).quorum).to.include('would leave 1 of 3');
  });

  it('leaves the machines on when only their links are taken', async () => {
    const context = contextOf(cluster);
    await azLoss.inject(context, await azLoss.plan(context, azLoss.params({ zone: 'zone-c', how: 'link' })));
    expect(await cluster.power('w3').state()).to.deep.equal({ link: 'down', power: 'on' });
  });
});
