import { expect } from 'chai';

import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { exec } from '../../harness/util/exec.ts';
import { delayMechanism, stopDelayScript } from '../shared/delay.ts';
import { refuseShapedLink } from '../shared/queue-discipline.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { FakeShell } from '../testing/fake-shell.ts';
import { latency } from './latency.ts';

const signal = AbortSignal.timeout(10_000);
const failed = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => null).catch((error: unknown) => error);

describe('latency', () => {
  it('takes netem where the kernel has it', async () => {
    await using cluster = await FakeCluster.start();
    const { delay } = await latency.plan(contextOf(cluster), latency.params({ addMs: 250 }));
    expect(delay).to.deep.equal({ delayMs: 250, mechanism: { netem: 'eth0' } });
  });

  it('takes the queue of a program where the kernel has no netem, and has a sentence where it has neither', async () => {
    const without = (missing: RegExp): FakeShell =>
      new FakeShell('w1', (command) => (missing.test(command) ? { exitCode: 2 } : ''));
    expect(await delayMechanism(without(/netem/), signal)).to.equal('nfqueue');
    const error = await failed(delayMechanism(without(/netem|NFQUEUE/), signal));
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'refused');
    expect(messageOf(error)).to.include('neither the netem queue nor the NFQUEUE target');
  });

  it('refuses a link that somebody shaped', async () => {
    const shaped = (queue: string): Promise<unknown> =>
      failed(refuseShapedLink(new FakeShell('w1', () => `qdisc ${queue}`), 'eth0', signal));
    expect(await shaped('noqueue 0: root refcnt 2')).to.equal(null);
    expect(messageOf(await shaped('tbf 8001: root refcnt 3 rate 1Mbit'))).to.include('shaped already (tbf 8001:');
  });

  it('has an undo for both mechanisms that a shell can read', async () => {
    for (const mechanism of [{ netem: 'eth0' }, { nfqueue: ['PREROUTING -i eth0'] }]) {
      const undo = stopDelayScript({ delayMs: 100, mechanism }, 'm1');
      expect(await exec(['sh', '-n'], { input: undo, allowFailure: true })).to.include({ exitCode: 0, stderr: '' });
    }
  });
});
