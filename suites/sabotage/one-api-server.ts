import { apiRto, watchOrder } from '../../harness/guarantees/index.ts';
import { during } from '../../harness/model/scenario.ts';
import { lyingWatch } from './planted/lying-watch.ts';
import { describePlanted } from './planted/planted.ts';

const liar = lyingWatch();

/** With one API server its loss is the loss of every write. */
export const planted = [
  describePlanted(
    'violated',
    {
      name: 'one-api-server',
      summary:
        'The only API server is stopped for longer than writes may wait, and one way to it lies to those who watch.',
      seed: 1,
      cluster: { provider: 'local', config: 'kind-configs/single.yaml', etcd: 'own' },
      workloads: [
        { workload: 'web', options: { replicas: 1, minAvailable: null } },
        { workload: 'ledger', options: { data: null, watches: true } },
      ],
      load: { rate: 25, timeout: '1s', modes: ['new'] },
      faults: [
        during('lying-watch', {}, { from: '3s', hold: '1s' }),
        during('apiserver-loss', { how: 'pause', which: 'all' }, { from: '5s', hold: '8s' }),
      ],
      planted: [liar.fault],
      findings: [
        {
          promise: apiRto({ under: '3s' }),
          plant: 'one API server, which is stopped for 8 s',
          sentence: /the longest outage took ([789]|1\d)\.\d+ s to/,
        },
        {
          promise: watchOrder(),
          plant: 'an API server that drops, repeats and swaps events of its watches',
          sentence: /1 missing, 1 repeated, 1 told after a newer one, .* through api-liar/,
        },
      ],
      recoverWithin: '30s',
    },
    { run: () => ({ instruments: liar.instruments }) },
  ),
];
