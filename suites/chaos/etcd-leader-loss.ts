import { catalogue } from '../../harness/cli/catalogue.ts';
import {
  apiRto,
  appendOrder,
  linearizable,
  pdbHonoured,
  rpo,
  rto,
  setComplete,
  watchOrder,
} from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';

/** Each API server talks to its own etcd member, as kubeadm wires it; the member that leads is cut off for 10 s. */
export const scenario: Scenario = {
  name: 'etcd-leader-loss',
  summary: 'The etcd leader is cut off from its peers: writes pause for an election, reads and services go on.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [
    { workload: 'web', options: {} },
    { workload: 'ledger', options: { models: ['register', 'set', 'append'], watches: true } },
  ],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('etcd-leader-loss', { how: 'partition' }, { from: '3s', hold: '10s' })],
  guarantees: [
    rto({ under: '10s', spacing: '100ms' }),
    apiRto({ under: '10s', target: 'api-ha', spacing: '500ms' }),
    rpo({ lost: 0 }),
    linearizable(),
    setComplete(),
    appendOrder(),
    watchOrder(),
    pdbHonoured(),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue);
