import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { etcdQuorumLoss } from './etcd-quorum-loss.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('etcd-quorum-loss', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const plan = (really: boolean) => etcdQuorumLoss.plan(contextOf(cluster), { really });

  it('is refused with the arithmetic unless asked for by name', async () => {
    expect(await refusal(plan(false))).to.equal('Stopping 2 of 3 etcd members would leave 1, and a quorum needs 2');
    const { nodes, left } = await plan(true);
    expect([nodes.length, left.length]).to.deep.equal([2, 1]);
    expect(new Set([...nodes, ...left]).size).to.equal(3);
  });

  it('refuses to break what is broken already', async () => {
    cluster.etcd.member('cp1').process = null;
    expect(await refusal(plan(true))).to.match(
      /^etcd is not whole, so the loss would show nothing: .*cp1 does not answer$/,
    );
  });

  it('is not gone while one member is stopped', async () => {
    const planned = await plan(true);
    await etcdQuorumLoss.inject(contextOf(cluster), planned);
    const impatient = contextOf(cluster, 1, AbortSignal.timeout(500));
    expect(await refusal(etcdQuorumLoss.proveGone(impatient, planned))).to.include('is still stopped');
  });
});
