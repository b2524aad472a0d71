import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import {
  blastRadius,
  capacityRto,
  cleanReturn,
  pdbHonoured,
  rto,
  topologySpread,
} from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft, readinessOfVictim, settingMs } from './what-happened.ts';

const holdMs = 20_000;

/** Shorter than the node monitor's grace period by more than one renewal of the lease: nobody may act on it. */
export const scenario: Scenario = {
  name: 'kubelet-freeze',
  summary: 'The kubelet of a worker that runs the service is frozen for 20 s: nothing is evicted and nobody notices.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [
    { workload: 'web', options: {} },
    { workload: 'prometheus', options: {} },
  ],
  alerts: { service: 'shakedown/prometheus:9090' },
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('kubelet-freeze', { running: 'app=web' }, { from: '3s', hold: `${holdMs}ms` })],
  guarantees: [
    rto({ under: '5s', spacing: '100ms' }),
    capacityRto({ under: '5s', spacing: '100ms' }),
    blastRadius({ errors: '1%' }),
    pdbHonoured(),
    topologySpread({ within: '1s' }),
    cleanReturn({ within: '10s' }),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'holds it for less than the live settings tolerate': (result) => {
      const graceMs = settingMs(result, 'kube-controller-manager node-monitor-grace-period');
      const renewalMs = settingMs(result, 'kubelet nodeStatusUpdateFrequency');
      expect(holdMs + renewalMs).to.be.below(graceMs);
    },
    'never sees the node Unknown': (result) => {
      expect(readinessOfVictim(result)).to.not.include('Unknown');
    },
    'evicts nothing': (result) => {
      expect(podsThatLeft(result)).to.deep.equal([]);
    },
  },
});
