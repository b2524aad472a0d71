import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { kubeProxyLoss } from './kube-proxy-loss.ts';

const params = kubeProxyLoss.params({ node: 'w2' });
const impatient = (cluster: FakeCluster): FaultContext => contextOf(cluster, 1, AbortSignal.timeout(1_500));

describe('kube-proxy-loss', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(() => cluster[Symbol.asyncDispose]());

  it('is felt by a Service that is new, which another node reaches and the victim does not', async () => {
    const plan = await kubeProxyLoss.plan(contextOf(cluster), params);
    await kubeProxyLoss.inject(contextOf(cluster), plan);
    const evidence = await kubeProxyLoss.proveActive(contextOf(cluster), plan);
    expect(evidence).to.match(/a new Service \(10\.96\.1\.\d+\) is silent to w2, while w[13] reaches it/);
  });

  it('is not felt where something else writes the rules', async () => {
    cluster.workings.services.writtenByOthers = true;
    const plan = await kubeProxyLoss.plan(contextOf(cluster), params);
    await kubeProxyLoss.inject(contextOf(cluster), plan);
    const error: unknown = await kubeProxyLoss.proveActive(impatient(cluster), plan).catch((caught: unknown) => caught);
    expect(messageOf(error)).to.match(/last seen: a new Service \(10\.96\.1\.\d+\) is open to w2/);
  });

  it('leaves no Service of its own behind, felt or not', async () => {
    const plan = await kubeProxyLoss.plan(contextOf(cluster), params);
    await kubeProxyLoss.proveActive(impatient(cluster), plan).catch(() => null);
    await kubeProxyLoss.inject(contextOf(cluster), plan);
    await kubeProxyLoss.proveActive(contextOf(cluster), plan);
    await kubeProxyLoss.heal(contextOf(cluster), plan);
    expect(cluster.changes()).to.deep.equal([]);
  });

  it('is gone when the node writes what comes and what goes', async () => {
    const plan = await kubeProxyLoss.plan(contextOf(cluster), params);
    await kubeProxyLoss.inject(contextOf(cluster), plan);
    await kubeProxyLoss.heal(contextOf(cluster), plan);
    const evidence = await kubeProxyLoss.proveGone(contextOf(cluster), plan);
    expect(evidence).to.include('a Service that is new is open to it, a Service that is deleted is silent to it');
    expect(cluster.changes()).to.deep.equal([]);
  });
});
