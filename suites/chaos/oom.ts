import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import {
  blastRadius,
  capacityRto,
  cleanReturn,
  endpointsConverge,
  noRestartStorm,
  pdbHonoured,
  rto,
} from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft, restarts } from './what-happened.ts';

/** The kubelet starts the container again in its place: what is lost is one of six endpoints, for as long as that takes. */
export const scenario: Scenario = {
  name: 'oom',
  summary:
    'A container reaches its memory limit: the kernel ends it and nothing else, and the kubelet starts it again.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('oom', {}, { from: '3s', hold: '10s' })],
  guarantees: [
    rto({ under: '10s', spacing: '150ms' }),
    capacityRto({ under: '40s', spacing: '150ms' }),
    // No more than the share of the one pod, of those who enter elsewhere.
    blastRadius({ errors: '16%' }),
    noRestartStorm({ restarts: 1 }),
    endpointsConverge({ under: '10s' }),
    cleanReturn({ within: '30s' }),
    pdbHonoured(),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'ends the container with 137': ({ report }) => {
      expect(report.faults[0]?.active.evidence).to.match(/OOMKilled \(exit code 137\)/);
    },
    'restarts that container alone, and replaces no pod': (result) => {
      const planned = result.report.faults[0]?.targets.map((target) => target.split('/').at(-1));
      expect([...restarts(result)]).to.have.members(planned ?? []);
      expect(podsThatLeft(result)).to.deep.equal([]);
    },
  },
});
