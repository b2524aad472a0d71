import { catalogue } from '../../harness/cli/catalogue.ts';
import { capacityRto, pdbHonoured, rto, topologySpread } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';

/** Held for longer than the node monitor's grace period, so that the endpoints of the dead node are withdrawn. */
export const scenario: Scenario = {
  name: 'node-power-loss',
  summary: 'A worker loses its link and its power: requests to its pods fail until the endpoints are withdrawn.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('node-power-loss', { running: 'app=web' }, { from: '3s', hold: '70s' })],
  guarantees: [
    rto({ under: '70s', spacing: '100ms' }),
    // The pods stay bound to their node and are back with it: held for 70 s, and what a boot takes.
    capacityRto({ under: '120s', spacing: '100ms' }),
    pdbHonoured(),
    topologySpread({ within: '60s' }),
  ],
  recoverWithin: '90s',
};

describeScenario(scenario, catalogue);
