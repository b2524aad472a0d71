import { expect } from 'chai';

import { exec } from '../../harness/util/exec.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { dnsOutage } from './dns-outage.ts';

describe('dns-outage', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const planned = async (mode: string) => dnsOutage.plan(contextOf(cluster), dnsOutage.params({ mode }));

  it('takes one server on its own node, and asks from another', async () => {
    const plan = await planned('one');
    expect(plan.victims).to.have.length(1);
    expect(plan.nodes).to.deep.equal([plan.victims[0]?.node]);
    expect(plan.askers).to.not.include(plan.victims[0]?.node);
  });

  it('is felt and asked for on every node in all other modes', async () => {
    for (const mode of ['all', 'slow', 'servfail']) {
      const { nodes, askers } = await planned(mode);
      expect(nodes, mode).to.have.length(6);
      expect(askers, mode).to.deep.equal(nodes);
    }
  });

  it('has an undo for each mode that a shell can read, and that ends what it started', async () => {
    for (const mode of ['all', 'one', 'slow', 'servfail']) {
      const [leash] = dnsOutage.leashes(await planned(mode), 'm1');
      const undo = leash?.undo ?? '';
      expect(await exec(['sh', '-n'], { input: undo, allowFailure: true })).to.include({ exitCode: 0, stderr: '' });
      expect(undo.includes('/var/lib/shakedown-m1'), mode).to.equal(mode === 'slow' || mode === 'servfail');
      expect(undo.includes('nft delete table inet shakedown_m1'), mode).to.equal(mode !== 'slow');
    }
  });
});
