import { blastRadius, pdbHonoured, topologySpread } from '../../harness/guarantees/index.ts';
import { during } from '../../harness/model/scenario.ts';
import { crowdZone } from './planted/crowd-zone.ts';
import { describePlanted } from './planted/planted.ts';
import { wrongNamespace } from './planted/wrong-namespace.ts';

/** Plain deletes pass every budget by, and pods that all came back in one zone stay there; a neighbour has none for a while. */
export const planted = [
  describePlanted('violated', {
    name: 'crowded-zone',
    summary:
      "All pods are deleted past their budget and come back in one zone, and a neighbour's are scaled down by mistake.",
    seed: 1,
    cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
    workloads: [
      { workload: 'web', options: { whenUnsatisfiable: 'ScheduleAnyway' } },
      { workload: 'neighbour', options: {} },
    ],
    load: { rate: 25, timeout: '1s', modes: ['new'] },
    faults: [
      during('crowd-zone', { selector: 'app=web' }, { from: '2s', hold: '20s' }),
      during('wrong-namespace', {}, { from: '3s', hold: '10s' }),
    ],
    planted: [crowdZone, wrongNamespace],
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
      {
        promise: blastRadius({ errors: '5%', by: 'namespace' }),
        plant: "a service of another namespace that is scaled down in the place of one's own",
        sentence: /shakedown-neighbour\/nodeport-zone-[abc]: \d+ of \d+ requests failed/,
      },
    ],
    recoverWithin: '30s',
  }),
];
