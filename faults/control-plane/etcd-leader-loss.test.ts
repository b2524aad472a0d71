import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { etcdLeaderLoss } from './etcd-leader-loss.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('etcd-leader-loss', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('takes the leader by status, with ids that JSON numbers would round', async () => {
    const plan = await etcdLeaderLoss.plan(contextOf(cluster), { how: 'kill' });
    expect(plan).to.deep.include({ node: 'cp2', memberId: '17801882756914959321', term: 2, peerPort: 2380 });
    expect(plan.quorum).to.deep.equal({ voters: 3, healthy: 3, left: 2, needed: 2 });
  });

  it('refuses with the arithmetic when no quorum would be left', async () => {
    cluster.etcd.member('cp1').process = null;
    expect(await refusal(etcdLeaderLoss.plan(contextOf(cluster), { how: 'kill' }))).to.equal(
      'Taking cp2 from etcd would leave 1 of 3 voting members healthy, and a quorum needs 2 (cp1 does not answer)',
    );
  });

  it('refuses when the leader moved after it was planned', async () => {
    const plan = await etcdLeaderLoss.plan(contextOf(cluster), { how: 'pause' });
    cluster.etcd.lead('cp3');
    expect(await refusal(etcdLeaderLoss.inject(contextOf(cluster), plan))).to.equal(
      'etcd on cp2 is no longer the leader that was planned for: now it is cp3',
    );
    expect(cluster.changes()).to.deep.equal([]);
  });

  it('hands the lead over to the member that was planned, and takes nobody', async () => {
    const plan = await etcdLeaderLoss.plan(contextOf(cluster), { how: 'move' });
    const heir = cluster.etcd.members.find(({ id }) => id === plan.successor)?.node;
    expect(heir).to.be.oneOf(['cp1', 'cp3']);
    await etcdLeaderLoss.inject(contextOf(cluster), plan);
    expect(cluster.etcd.leader).to.equal(heir);
    expect(cluster.changes()).to.deep.equal([]);
    expect(await etcdLeaderLoss.proveActive(contextOf(cluster), plan)).to.equal(
      `it follows another member in term 3; ${String(heir)} leads in term 3, after cp2 in term 2`,
    );
  });

  it('refuses a way that it does not know, by field', () => {
    expect(() => etcdLeaderLoss.params({ how: 'drown' })).to.throw(/^etcd-leader-loss\.how: .*found "drown"$/);
  });
});
