import { apiRto } from '../../harness/guarantees/index.ts';
import { during } from '../../harness/model/scenario.ts';
import { describePlanted } from './planted/planted.ts';

/** With one API server its loss is the loss of every write. */
export const planted = [
  describePlanted('violated', {
    name: 'one-api-server',
    summary: 'The only API server is stopped for longer than writes may wait.',
    seed: 1,
    cluster: { provider: 'local', config: 'kind-configs/single.yaml', etcd: 'own' },
    workloads: [
      { workload: 'web', options: { replicas: 1, minAvailable: null } },
      { workload: 'ledger', options: { data: null } },
    ],
    load: { rate: 25, timeout: '1s', modes: ['new'] },
    faults: [during('apiserver-loss', { how: 'pause', which: 'all' }, { from: '2s', hold: '8s' })],
    findings: [
      {
        promise: apiRto({ under: '3s' }),
        plant: 'one API server, which is stopped for 8 s',
        sentence: /the longest outage took ([789]|1\d)\.\d+ s to/,
      },
    ],
    recoverWithin: '30s',
  }),
];
