import { expect } from 'chai';

import type { Cluster } from '../../harness/model/cluster.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { seeded } from '../../harness/util/random.ts';
import { FakeCluster } from '../../suites/self/fakes.ts';
import { nothing } from '../../suites/self/nothing.ts';
import { SkewProbe, type Watching } from './skew-probe.ts';

const commanding = (targets: readonly string[], commanded = targets): Fault => ({
  ...(nothing as Fault),
  targets: () => targets,
  inject: async ({ cluster }) => {
    for (const node of commanded) await cluster.node(node).exec(['hit']);
  },
});
const context: FaultContext = {
  cluster: new FakeCluster('/', 'c'),
  signal: new AbortController().signal,
  random: seeded(1),
  mark: 'm',
  record: () => undefined,
  now: () => 0,
};

/** Saw what it is told, on the nodes that it was asked to look at. */
class FakeWitness implements Watching {
  readonly signs = [
    { target: 'w1', atMs: 100 },
    { target: 'w2', atMs: 107 },
  ];
  nodes: readonly string[] = [];
  stopped = 0;
  readonly start = (_: Cluster, nodes: readonly string[]): Promise<Watching> => {
    this.nodes = nodes;
    return Promise.resolve(this);
  };
  [Symbol.asyncDispose](): Promise<void> {
    this.stopped += 1;
    return Promise.resolve();
  }
}

async function live(inner: Fault, witness: FakeWitness): Promise<SkewProbe> {
  const probe = new SkewProbe(inner, witness.start);
  const plan = await probe.fault.plan(context, {});
  await probe.fault.inject(context, plan);
  await probe.fault.heal(context, plan);
  return probe;
}

describe('a probe of the skew', () => {
  it('asks witnesses on the targets that are nodes, and lets them go before the heal', async () => {
    const witness = new FakeWitness();
    const { skew } = await live(commanding(['w1', 'w2']), witness);
    expect(witness.nodes).to.deep.equal(['w1', 'w2']);
    expect(witness.stopped).to.equal(1);
    expect(skew.victimsMs).to.equal(7);
    expect(skew.injectorMs).to.be.within(0, 1_000);
  });

  it('knows nothing by commands that were not given to every target', async () => {
    expect((await live(commanding(['w1', 'w2'], ['w1']), new FakeWitness())).skew.injectorMs).to.equal(null);
  });

  it('knows nothing of a target that is no node and gave no sign', async () => {
    const witness = new FakeWitness();
    expect((await live(commanding(['w1', 'pod x/y']), witness)).skew.victimsMs).to.equal(null);
    expect(witness.nodes).to.deep.equal(['w1']);
  });
});
