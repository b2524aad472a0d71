import { expect } from 'chai';

import type { Cluster } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault } from '../../harness/model/fault.ts';
import type { Catalogue } from '../../harness/run/index.ts';
import { bareFault } from '../../suites/self/bare-fault.ts';
import { fitOn } from './places.ts';
import { trialsOf, type Trial } from './trials.ts';

const trial = (name: string): Trial => trialsOf({ name, minimumHoldMs: 1_000 }, 1, 1)[0]!;
const nodes = ['w1', 'w2', 'w3', 'w4'].map((name) => ({ name }));
const cluster = { facts: { nodes } } as unknown as Cluster;

const fault = (name: string, targets: readonly string[], witness: string | null = null): Fault =>
  bareFault<{ readonly witness: string | null }>({
    name,
    summary: name,
    plan: () => Promise.resolve({ witness }),
    targets: () => targets,
    impact: () => name,
    inject: () => Promise.resolve(),
    proveActive: () => Promise.resolve(''),
    proveGone: () => Promise.resolve(''),
  });
const refusing: Fault = {
  ...fault('refusing', []),
  plan: () => Promise.reject(new HarnessError('refused', 'not here')),
};

const onAnyWorker: Fault = bareFault<string>({
  ...fault('on-any-worker', []),
  plan: ({ random }) => Promise.resolve(random.pick(['w1', 'w2'])),
  targets: (worker) => [worker],
});

const faults = [
  onAnyWorker,
  fault('on-w1', ['w1'], 'w4'),
  fault('on-w1-too', ['w1']),
  fault('on-w2', ['w2'], 'w4'),
  fault('on-w3-seen-from-w1', ['w3'], 'w1'),
  fault('on-a-pod', ['pod ns/web-1']),
  fault('on-w2-shown-by-a-pod', ['w2'], 'web-1'),
  fault('on-a-namespace', ['namespace ns']),
  refusing,
];
const fit = fitOn(cluster, { faults } as unknown as Catalogue, new AbortController().signal);
const goes = async (group: readonly string[], name: string): Promise<boolean> =>
  (await fit(group.map(trial), trial(name))) !== null;

describe('trials that are made together', () => {
  it('act on different nodes, and may look from the same one', async () => {
    expect(await goes(['on-w1'], 'on-w2')).to.equal(true);
    expect(await goes(['on-w1'], 'on-w1-too')).to.equal(false);
  });

  it('do not look from where another one acts, whichever comes first', async () => {
    expect(await goes(['on-w1'], 'on-w3-seen-from-w1')).to.equal(false);
    expect(await goes(['on-w3-seen-from-w1'], 'on-w1')).to.equal(false);
    expect(await goes(['on-w2'], 'on-w3-seen-from-w1')).to.equal(true);
  });

  it('do not act on the pod by which another one is shown', async () => {
    expect(await goes(['on-w2-shown-by-a-pod'], 'on-a-pod')).to.equal(false);
    expect(await goes(['on-a-pod'], 'on-w2-shown-by-a-pod')).to.equal(false);
  });

  it('may act on pods, but on nothing that is more than a node or a pod', async () => {
    expect(await goes(['on-w1', 'on-w2'], 'on-a-pod')).to.equal(true);
    expect(await goes(['on-w1'], 'on-a-namespace')).to.equal(false);
    expect(await goes(['on-a-namespace'], 'on-w1')).to.equal(false);
  });

  it('act on other targets where their own are taken, the same ones each time', async () => {
    for (const taken of ['on-w1', 'on-w2']) {
      const own = trial('on-any-worker');
      const [one, other] = [await fit([trial(taken)], own), await fit([trial(taken)], own)];
      expect(one).to.deep.equal(other);
      expect({ ...one, seed: own.seed }).to.deep.equal(own);
      expect(await fit([one!], trial(taken)), 'whichever comes first').to.deep.equal(trial(taken));
    }
  });

  it('are none that refuse: they say by themselves why', async () => {
    expect(await goes(['on-w1'], 'refusing')).to.equal(false);
    expect(await goes(['refusing'], 'on-w1')).to.equal(false);
  });
});
