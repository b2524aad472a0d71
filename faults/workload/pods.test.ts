import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { containerKill } from './container-kill.ts';
import { hang } from './hang.ts';
import { podKill } from './pod-kill.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('the faults that take pods', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it('take as many as asked for, by number, by share, on a node or in a zone', async () => {
    const taken = async (given: Parameters<typeof podKill.params>[0]) =>
      (await podKill.plan(contextOf(cluster), podKill.params(given))).pods.map(({ node }) => node);
    expect(await taken({ count: 6 })).to.have.members(['w1', 'w2', 'w3', 'w1', 'w2', 'w3']);
    expect(await taken({ percentage: 34 })).to.have.length(3);
    expect(await taken({ node: 'w2', count: 2 })).to.deep.equal(['w2', 'w2']);
    expect(await taken({ zone: 'zone-c' })).to.deep.equal(['w3']);
  });

  it('refuse more than there are, and a container that is not there', async () => {
    const many = podKill.params({ node: 'w2', count: 3 });
    expect(await refusal(podKill.plan(contextOf(cluster), many))).to.equal(
      '3 pods were asked for, and 2 Ready ones have app=web in shakedown on w2',
    );
    const wrong = containerKill.params({ container: 'sidecar' });
    expect(await refusal(containerKill.plan(contextOf(cluster), wrong))).to.match(
      /runs no container named sidecar, it has: web$/,
    );
  });

  it('refuse a number and a selector that make no sense, by field', () => {
    expect(() => podKill.params({ count: 0 })).to.throw(/^pod-kill\.count: /);
    expect(() => podKill.params({ selector: 'web' })).to.throw('pod-kill.selector: expected labels such as app=web');
    expect(() => hang.params({ what: 'nothing' })).to.throw(/^hang\.what: .*found "nothing"$/);
  });

  it('are felt, too, when the kubelet waits before it starts a container again', async () => {
    cluster.workload.backsOff = true;
    const plan = await containerKill.plan(contextOf(cluster), containerKill.params({}));
    await containerKill.inject(contextOf(cluster), plan);
    expect(await containerKill.proveActive(contextOf(cluster), plan)).to.match(/are gone and it is not Ready$/);
  });

  it('are not gone while a process is stopped or a server hangs', async () => {
    const impatient = () => contextOf(cluster, 1, AbortSignal.timeout(500));
    const paused = await containerKill.plan(contextOf(cluster), containerKill.params({ how: 'pause' }));
    await containerKill.inject(contextOf(cluster), paused);
    expect(await refusal(containerKill.proveGone(impatient(), paused))).to.include('1 processes are in state T');
    await containerKill.heal(contextOf(cluster), paused);
    const hanging = await hang.plan(contextOf(cluster), hang.params({}));
    await hang.inject(contextOf(cluster), hanging);
    expect(await refusal(hang.proveGone(impatient(), hanging))).to.include('/ is silent');
  });
});
