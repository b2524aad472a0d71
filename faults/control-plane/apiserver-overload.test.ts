import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { apiserverOverload } from './apiserver-overload.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('apiserver-overload', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const plan = (params = {}): ReturnType<typeof apiserverOverload.plan> =>
    apiserverOverload.plan(contextOf(cluster), apiserverOverload.params(params));

  it('sends more than the level lets wait, to one server or to all', async () => {
    expect(await plan({ node: 'cp2' })).to.deep.equal({
      servers: [{ node: 'cp2', url: 'https://10.0.0.12:6443', rejected: 5 }],
      level: { name: 'workload-low', queueable: 300 },
      inFlight: 1_000,
    });
    expect((await plan({ which: 'all' })).servers.map(({ node }) => node)).to.deep.equal(['cp1', 'cp2', 'cp3']);
  });

  it('refuses what would overload nobody, with the arithmetic', async () => {
    expect(await refusal(plan({ inFlight: 300 }))).to.equal(
      '300 lists at a time would overload nobody: the priority level workload-low lets 300 of one account wait',
    );
    cluster.overload.queueLengthLimit = 500;
    expect((await plan()).inFlight).to.equal(3_700);
  });

  it('says why it cannot run', () => {
    const params = apiserverOverload.params({ node: 'w1' });
    expect(apiserverOverload.obstacle(cluster.facts, params)).to.equal(
      'fake has no API server that can be reached on w1.',
    );
    const placeless = { ...cluster.facts, capabilities: ['node-shell'] as const };
    expect(apiserverOverload.obstacle(placeless, params)).to.equal('fake has no place for clients beside its nodes.');
  });

  it('leaves the token out of its plan and of every command', async () => {
    const planned = await plan();
    await apiserverOverload.inject(contextOf(cluster), planned);
    const place = cluster.overload.place as unknown as { readonly asked: readonly string[] };
    expect(place.asked).to.have.length(1);
    expect(JSON.stringify([planned, place.asked])).to.not.include('secret');
  });

  it('is not felt when no request is refused, and not gone while one floods', async () => {
    const planned = await plan();
    const impatient = (): ReturnType<typeof contextOf> => contextOf(cluster, 1, AbortSignal.timeout(300));
    expect(await refusal(apiserverOverload.proveActive(impatient(), planned))).to.match(
      /last seen: the API server on cp. refused 0 requests of workload-low, lets 0 wait/,
    );
    await apiserverOverload.inject(contextOf(cluster), planned);
    expect(await apiserverOverload.proveActive(contextOf(cluster), planned)).to.match(
      /^the API server on cp. refused 100 requests of workload-low, lets 300 wait and executes 1$/,
    );
    expect(await refusal(apiserverOverload.proveGone(impatient(), planned))).to.match(
      /last seen: 1 processes still flood/,
    );
  });
});
