import { expect } from 'chai';

import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { azPartition } from './az-partition.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);
const params = (given: Parameters<typeof azPartition.params>[0]) => azPartition.params(given);

describe('az-partition', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('cuts every node of the zone from every node outside, and from the load balancer', async () => {
    const { nodes, filters, quorum } = await azPartition.plan(contextOf(cluster), params({ zone: 'zone-b' }));
    expect(nodes).to.deep.equal(['cp2', 'w2']);
    expect(quorum).to.equal('2 of 3 etcd members are left, and a quorum needs 2');
    expect(filters[1]?.rules.map(({ hook, match }) => `${hook} ${match}`)).to.deep.equal([
      'prerouting ip saddr { 10.0.0.11, 10.0.0.13, 10.0.0.101, 10.0.0.103, 10.0.0.2 }',
      'postrouting ip daddr { 10.0.0.11, 10.0.0.13, 10.0.0.101, 10.0.0.103, 10.0.0.2 }',
    ]);
  });

  it('takes only the control planes, and of them only the ports of etcd, for etcd alone', async () => {
    const plan = await azPartition.plan(contextOf(cluster), params({ zone: 'zone-b', mode: 'etcd-only' }));
    expect(plan.nodes).to.deep.equal(['cp2']);
    expect(plan.filters[0]?.rules).to.have.length(4);
    for (const { match } of plan.filters[0]?.rules ?? []) expect(match).to.match(/tcp [ds]port \{ 2380, 2379 \}$/);
  });

  it('refuses a zone whose loss leaves no quorum, unless that is asked for by name', async () => {
    cluster.etcd.member('cp1').process = null;
    const context = contextOf(cluster);
    expect(await refusal(azPartition.plan(context, params({ zone: 'zone-b' })))).to.equal(
      'Taking cp2 from etcd would leave 1 of 3 voting members healthy, and a quorum needs 2 (cp1 does not answer)',
    );
    const plan = await azPartition.plan(context, params({ zone: 'zone-b', allowQuorumLoss: true }));
    expect(plan.nodes).to.deep.equal(['cp2', 'w2']);
  });

  it('leaves out, when no zone is named, those that would cost the quorum', async () => {
    cluster.etcd.member('cp1').process = null;
    for (const seed of [1, 2, 3, 4]) {
      const { zone } = await azPartition.plan(contextOf(cluster, seed), params({}));
      expect(zone).to.equal('zone-a');
    }
  });

  it('has the obstacle that a zone does not exist', () => {
    expect(azPartition.obstacle(cluster.facts, params({ zone: 'zone-x' }))).to.equal(
      'fake has no node in a zone named zone-x; it has zone-a, zone-b, zone-c.',
    );
  });

  describe('of the pods alone, is gone', () => {
    const zone = { zone: 'zone-b', mode: 'data-plane-only', nodes: ['cp2', 'w2'], quorum: '', filters: [] } as const;
    /** Tried before it, and not there any more. */
    const replaced = [{ from: 'w1', to: 'web-0', address: '10.1.0.99', port: 8_080 }];
    const plan = { ...zone, checks: { across: replaced, beside: replaced } };

    it('when pods that are there now are reached across the border', async () => {
      const [first, second] = cluster.workload.pods;
      expect([first!.node, second!.node]).to.deep.equal(['w1', 'w2']);
      expect(await azPartition.proveGone(contextOf(cluster), plan)).to.include(
        `w2 -> ${first!.name}, w1 -> ${second!.name} is answered`,
      );
    });

    it('and says so, when its rules are and a side has no pod any more', async () => {
      cluster.workload.pods = cluster.workload.pods.filter(({ node }) => node !== 'w2');
      expect(await azPartition.proveGone(contextOf(cluster), plan)).to.include(
        'no Ready pod with a TCP port is on one side of zone-b any more, so none was asked',
      );
    });

    it('when the pods of the plan are reached, where the API cannot be asked', async () => {
      const [first] = cluster.workload.pods;
      const across = [{ from: 'w2', to: first!.name, address: first!.address, port: 8_080 }];
      cluster.workload.lists = false;
      expect(await azPartition.proveGone(contextOf(cluster), { ...zone, checks: { across, beside: [] } })).to.include(
        `w2 -> ${first!.name} is answered`,
      );
    });
  });

  it('is not felt when the silence has another cause than its rules', async () => {
    const context = contextOf(cluster, 1, AbortSignal.timeout(700));
    const plan = await azPartition.plan(contextOf(cluster), params({ zone: 'zone-b' }));
    for (const name of plan.nodes) await cluster.power(name).cutLink();
    const code = await azPartition.proveActive(context, plan).then(
      () => 'none',
      (error: unknown) => (error instanceof HarnessError ? error.code : String(error)),
    );
    expect(code).to.equal('fault-not-active');
  });
});
