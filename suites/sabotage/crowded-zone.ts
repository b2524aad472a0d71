import { pdbHonoured, topologySpread } from '../../harness/guarantees/index.ts';
import { during } from '../../harness/model/scenario.ts';
import { crowdZone } from './planted/crowd-zone.ts';
import { describePlanted } from './planted/planted.ts';

/** Plain deletes pass every budget by, and pods that all came back in one zone stay there. */
export const planted = [
  describePlanted('violated', {
    name: 'crowded-zone',
    summary: 'All pods are deleted past their budget and come back in one zone.',
    seed: 1,
    cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
    workloads: [{ workload: 'web', options: { whenUnsatisfiable: 'ScheduleAnyway' } }],
    load: { rate: 25, timeout: '1s', modes: ['new'] },
    faults: [during('crowd-zone', { selector: 'app=web' }, { from: '2s', hold: '20s' })],
    planted: [crowdZone],
    findings: [
      {
        promise: pdbHonoured(),
        plant: 'pods that are deleted past their budget',
        sentence: /voluntary removals? below a budget/,
      },
      {
        promise: topologySpread({ within: '5s' }),
        plant: 'pods that all come back in one zone',
        sentence: /web by topology\.kubernetes\.io\/zone: skew 0 .* before the fault/,
      },
    ],
    recoverWithin: '30s',
  }),
];
