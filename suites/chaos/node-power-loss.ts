import { catalogue } from '../../harness/cli/catalogue.ts';
import { capacityRto, pdbHonoured, rto, topologySpread } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';

const answers = { under: '70s', spacing: '100ms' } as const;

/**
 * Held for longer than the node monitor's grace period, so that the endpoints of the dead node are withdrawn. The dead node may be
 * the one by which the clients of its zone enter, and no Service can help those: the outage is judged on the ways in by other zones.
 */
export const scenario: Scenario = {
  name: 'node-power-loss',
  summary: 'A worker loses its link and its power: requests to its pods fail until the endpoints are withdrawn.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('node-power-loss', { running: 'app=web', zone: 'zone-c' }, { from: '3s', hold: '70s' })],
  guarantees: [
    rto({ ...answers, path: 'nodeport-zone-a' }),
    rto({ ...answers, path: 'nodeport-zone-b' }),
    // The pods stay bound to their node and are back with it: held for 70 s, and what a boot takes.
    capacityRto({ under: '120s', spacing: '100ms' }),
    pdbHonoured(),
    topologySpread({ within: '60s' }),
  ],
  recoverWithin: '90s',
};

describeScenario(scenario, catalogue);
