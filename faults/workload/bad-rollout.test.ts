import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { badRollout } from './bad-rollout.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('bad-rollout', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const planned = () => badRollout.plan(contextOf(cluster), badRollout.params({}));

  it('keeps the whole old template for the journal, and how many old pods must stay', async () => {
    const { template, kept } = await planned();
    expect(template).to.deep.equal(cluster.workload.template);
    expect(kept).to.equal(5);
  });

  it('refuses a deployment that is not at rest, and one that is not there', async () => {
    cluster.workload.template = { spec: { containers: [{ name: 'web', image: 'web:2' }] } };
    expect(await refusal(planned())).to.equal(
      'The deployment shakedown/web is not at rest: 5 of 6 pods Ready, 3 of the newest template, 8 in all',
    );
    const absent = badRollout.params({ deployment: 'absent' });
    expect(await refusal(badRollout.plan(contextOf(cluster), absent))).to.equal(
      'There is no deployment shakedown/absent',
    );
  });

  it('is not gone while the bad template is there', async () => {
    const plan = await planned();
    await badRollout.inject(contextOf(cluster), plan);
    const impatient = contextOf(cluster, 1, AbortSignal.timeout(500));
    expect(await refusal(badRollout.proveGone(impatient, plan))).to.include('its template is not the old one');
  });
});
