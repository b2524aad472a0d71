import { catalogue } from '../../harness/cli/catalogue.ts';
import { pdbHonoured, topologySpread } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { found } from './planted/found.ts';
import { crowdZone } from './planted/crowd-zone.ts';

/** Plain deletes pass every budget by, and pods that all came back in one zone stay there. */
const scenario: Scenario = {
  name: 'crowded-zone',
  summary: 'All pods are deleted past their budget and come back in one zone.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: { whenUnsatisfiable: 'ScheduleAnyway' } }],
  load: { rate: 25, timeout: '1s', modes: ['new'] },
  faults: [during('crowd-zone', { selector: 'app=web' }, { from: '2s', hold: '20s' })],
  guarantees: [pdbHonoured(), topologySpread({ within: '5s' })],
  recoverWithin: '30s',
};

describeScenario(
  scenario,
  { ...catalogue, faults: [...catalogue.faults, crowdZone] },
  {
    outcome: 'violated',
    also: {
      'finds the budget that the deletes passed by': found(0, /^violated pdb-honoured/),
      'finds the zones that stay uneven': found(1, /^violated topology-spread/),
    },
  },
);
