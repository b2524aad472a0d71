import { catalogue } from '../../harness/cli/catalogue.ts';
import { rpo, rto } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { found } from './planted/found.ts';

/** A single replica and a data service that keeps its records in memory: the loss of their node must cost both promises. */
const scenario: Scenario = {
  name: 'careless-workload',
  summary: 'One replica and records kept in memory, on nodes that lose their power.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [
    { workload: 'web', options: { replicas: 1, minAvailable: null } },
    { workload: 'ledger', options: { api: false, data: { replicas: 1, storage: 'memory', fsync: false } } },
  ],
  load: { rate: 25, timeout: '1s', modes: ['new'] },
  faults: [
    during('node-power-loss', { running: 'app=web' }, { from: '3s', hold: '10s' }),
    during('node-power-loss', { running: 'app=ledger' }, { from: '45s', hold: '5s' }),
  ],
  guarantees: [rto({ under: '5s' }), rpo({ lost: 0 })],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  outcome: 'violated',
  also: {
    'finds that a single replica breaks the RTO': found(0, /^violated rto\(/),
    'finds that records in memory break the RPO': found(1, /^violated rpo\(/),
  },
});
