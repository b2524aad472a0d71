import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { controllerManagerLoss } from './controller-manager-loss.ts';
import { schedulerLoss } from './scheduler-loss.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('the loss of a leader of the control plane', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('takes the holder of the lease, and knows who could take over', async () => {
    const plan = await controllerManagerLoss.plan(contextOf(cluster), { how: 'pause' });
    expect(plan).to.deep.include({ node: 'cp1', holder: 'cp1_0', leaseSeconds: 15, others: ['cp2', 'cp3'] });
  });

  it('refuses when another leads by the time it would be hit', async () => {
    const plan = await schedulerLoss.plan(contextOf(cluster), { how: 'kill' });
    await schedulerLoss.inject(contextOf(cluster), plan);
    expect(await refusal(schedulerLoss.inject(contextOf(cluster), plan))).to.equal(
      'kube-scheduler is no longer led by cp1_0 as planned: now by cp2_1',
    );
  });

  it('leaves the other program alone', async () => {
    const plan = await schedulerLoss.plan(contextOf(cluster), { how: 'pause' });
    await schedulerLoss.inject(contextOf(cluster), plan);
    expect(cluster.changes()).to.deep.equal(['kube-scheduler on cp1 is touched']);
  });
});
