import { catalogue } from '../../harness/cli/catalogue.ts';
import { pdbHonoured, rto } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';

/**
 * A fifth of the packets each way: a request that needs k packets gets through at once with 0.8^k, so many wait for a
 * retransmission (1 s for a SYN) and time out, but never all of them for long.
 */
export const scenario: Scenario = {
  name: 'packet-loss',
  summary:
    'A worker that runs the service loses a fifth of its packets: requests fail here and there, the service stays.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('packet-loss', { running: 'app=web', percent: 20 }, { from: '3s', hold: '20s' })],
  guarantees: [rto({ under: '22s', spacing: '100ms' }), pdbHonoured()],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue);
