import { expect } from 'chai';

import { apiPriority } from '../../harness/guarantees/index.ts';
import { during } from '../../harness/model/scenario.ts';
import { faultAt, unreadyNodes } from '../chaos/what-happened.ts';
import { describePlanted } from './planted/planted.ts';
import { stolenLease } from './planted/stolen-lease.ts';

/** While a flood fills the queues of the API, the scheduler loses its lead. */
export const planted = [
  describePlanted(
    'violated',
    {
      name: 'overloaded-api',
      summary: 'The scheduler loses its lease while the API server is flooded with lists.',
      seed: 1,
      cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
      workloads: [{ workload: 'web', options: {} }],
      load: { rate: 25, timeout: '1s', modes: ['new'] },
      faults: [
        during('apiserver-overload', {}, { from: '1s', hold: '10s' }),
        during('stolen-lease', {}, { from: '4s', hold: '3s' }),
      ],
      planted: [stolenLease],
      findings: [
        {
          promise: apiPriority(),
          plant: 'a lease that is taken while the API server is overloaded',
          sentence: /kube-scheduler passed from \S+ to sabotage/,
        },
      ],
      recoverWithin: '10s',
    },
    {
      also: {
        'refuses what is too much, and takes no node for dead': (result) => {
          expect(faultAt(result, 0).active.evidence).to.match(/refused [1-9]\d* requests/);
          expect(unreadyNodes(result)).to.deep.equal([]);
        },
      },
    },
  ),
];
