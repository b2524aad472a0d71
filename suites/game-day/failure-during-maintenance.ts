import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { pdbHonoured, rto, topologySpread } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';

const again = [30, 40] as const;

/** Faults compose: one in the middle of a drain and on another node, then the same fault twice in a row. */
export const scenario: Scenario = {
  name: 'failure-during-maintenance',
  summary: 'While a node is drained the kubelet of another one freezes; then a pod is killed, and once more.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [
    during('drain', { zone: 'zone-a', role: 'worker', patienceMs: 5_000 }, { from: '3s', hold: '18s' }),
    during('kubelet-freeze', { zone: 'zone-b' }, { from: '4s', hold: '15s' }),
    ...again.map((at) => during('pod-kill', {}, { from: `${at}s`, hold: '8s' })),
  ],
  guarantees: [rto({ under: '5s', spacing: '100ms' }), pdbHonoured(), topologySpread({ within: '60s' })],
  recoverWithin: '90s',
};

describeScenario(scenario, catalogue, {
  also: {
    'has the frozen kubelet within the drain': ({ report: { faults } }) => {
      const [drain, freeze] = faults;
      expect(freeze?.feltMs, 'the freeze is felt').to.be.greaterThan(drain?.injectedMs ?? Infinity);
      expect(freeze?.healedMs, 'and healed').to.be.lessThan(drain?.goneMs ?? -Infinity);
    },
    'acts on different nodes': ({ report: { faults } }) => {
      const [drain, freeze] = faults.map(({ targets }) => targets);
      expect(drain).to.not.include.members([...(freeze ?? [])]);
    },
    'feels every one of the four': ({ report: { faults } }) => {
      expect(faults.map(({ active, gone }) => active.proved && gone.proved)).to.deep.equal([true, true, true, true]);
    },
  },
});
