import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { nodePowerLoss } from './node-power-loss.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('node-power-loss', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const plan = (given: { readonly [key: string]: string }): ReturnType<typeof nodePowerLoss.plan> =>
    nodePowerLoss.plan(contextOf(cluster), nodePowerLoss.params(given));

  it('chooses within the zone that was asked for', async () => {
    expect(await plan({ zone: 'zone-c' })).to.include({ node: 'w3', zone: 'zone-c' });
  });

  it('says when nothing fits', () => {
    const params = nodePowerLoss.params({ zone: 'zone-z' });
    expect(nodePowerLoss.obstacle(cluster.facts, params)).to.equal('fake has no worker node in zone zone-z.');
  });

  it('refuses a node that is lost already', async () => {
    await cluster.power('w2').off();
    expect(await refusal(plan({ node: 'w2' }))).to.equal('w2 is not Ready, so its loss would show nothing');
  });

  it('refuses to take the last Ready worker', async () => {
    await cluster.power('w1').off();
    await cluster.power('w3').off();
    expect(await refusal(plan({}))).to.equal('w2 is the only Ready worker node: taking it would leave none');
  });

  it('refuses a control plane that etcd cannot do without', async () => {
    cluster.etcd.member('cp3').process = null;
    expect(await refusal(plan({ node: 'cp1' }))).to.include('would leave 1 of 3 voting members healthy');
  });

  it('is not proved when the witness reaches nobody at all', async () => {
    const planned = await plan({ node: 'w1' });
    await nodePowerLoss.inject(contextOf(cluster), planned);
    await cluster.power(planned.control.node).cutLink();
    const impatient = contextOf(cluster, 1, AbortSignal.timeout(300));
    expect(await refusal(nodePowerLoss.proveActive(impatient, planned))).to.include('does not reach');
  });
});
