import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { drain } from './drain.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('drain', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const plan = (given: Parameters<typeof drain.params>[0]) => drain.plan(contextOf(cluster), drain.params(given));

  it('says what is stuck and which budget holds it', async () => {
    cluster.workload.budget = 0;
    const stuck = await plan({ nodes: ['w2'], patienceMs: 100 });
    await drain.inject(contextOf(cluster), stuck);
    expect(await drain.proveActive(contextOf(cluster), stuck)).to.match(
      /^w2 cordoned; stuck with 2 of 2 pods; pod shakedown\/web-\d stays: 429: The disruption budget web needs 4/,
    );
  });

  it('uncordons exactly what it cordoned', async () => {
    const two = await plan({ nodes: ['w1', 'w2'], patienceMs: 100 });
    cluster.workload.cordoned.add('w3');
    await drain.inject(contextOf(cluster), two);
    expect([...cluster.workload.cordoned]).to.have.members(['w1', 'w2', 'w3']);
    await drain.heal(contextOf(cluster), two);
    expect([...cluster.workload.cordoned]).to.deep.equal(['w3']);
  });

  it('refuses a node that is cordoned already, and to leave no worker', async () => {
    cluster.workload.cordoned.add('w3');
    expect(await refusal(plan({ nodes: ['w3'] }))).to.equal(
      '1 Ready nodes without a cordon were asked for, and there are 0',
    );
    expect(await refusal(plan({ nodes: ['w1', 'w2'] }))).to.equal('No other schedulable worker node would be left');
  });
});
