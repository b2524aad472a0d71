import { expect } from 'chai';

import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { poolOf } from '../shared/host-local.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { FakeShell } from '../testing/fake-shell.ts';
import { ipExhaustion } from './ip-exhaustion.ts';

const signal = AbortSignal.timeout(10_000);
const pool = async (ipam: object) => {
  const config = JSON.stringify({ name: 'net', plugins: [{ type: 'ptp', ipam }, { type: 'portmap' }] });
  return poolOf(new FakeShell('w1', () => config), signal);
};

describe('ip-exhaustion', () => {
  it('finds the addresses of a node in its CNI configuration, blocks of 256 and parts of one', async () => {
    expect(await pool({ type: 'host-local', ranges: [[{ subnet: '10.9.8.0/23' }]], dataDir: '/run/x' })).to.deep.equal({
      directory: '/run/x/net',
      blocks: [
        { prefix: '10.9.8', from: 0, to: 255 },
        { prefix: '10.9.9', from: 0, to: 255 },
      ],
    });
    expect((await pool({ type: 'host-local', subnet: '10.9.8.64/27' })).blocks).to.deep.equal([
      { prefix: '10.9.8', from: 64, to: 95 },
    ]);
  });

  it('refuses what it could not fill: another address manager, a network too large, no configuration', async () => {
    const refused = async (work: Promise<unknown>): Promise<string> => messageOf(await work.catch((e: unknown) => e));
    expect(await refused(pool({ type: 'calico-ipam' }))).to.include('do not get their addresses from host-local');
    expect(await refused(pool({ type: 'host-local', subnet: '10.0.0.0/16' }))).to.include('more than 4096 addresses');
    const nothing = poolOf(new FakeShell('w1', () => ''), signal);
    expect(await refused(nothing)).to.include('The CNI configuration of w1 cannot be read');
  });

  it('leaves no trial pod behind, felt or not', async () => {
    await using cluster = await FakeCluster.start();
    const plan = await ipExhaustion.plan(contextOf(cluster), ipExhaustion.params({}));
    const impatient = contextOf(cluster, 1, AbortSignal.timeout(700));
    const error: unknown = await ipExhaustion.proveActive(impatient, plan).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'fault-not-active');
    expect(cluster.changes()).to.deep.equal([]);
  });
});
