import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { pdbHonoured, rto } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { failuresDuring, readinessOfVictim, restarts } from '../chaos/what-happened.ts';

/** Three minutes are a constant of the kubelet; felt only when the node itself says that PLEG is not healthy. */
export const scenario: Scenario = {
  name: 'pleg-stall',
  summary:
    "A kubelet's lists of containers stall until PLEG is not healthy: the node is NotReady, its containers serve.",
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('pleg-stall', { running: 'app=web', until: 'not-ready' }, { from: '3s', hold: '215s' })],
  guarantees: [rto({ under: '5s', spacing: '100ms' }), pdbHonoured()],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'hears of PLEG from the node itself': ({ report }) => {
      expect(report.faults[0]?.active.evidence).to.include('PLEG is not healthy: pleg was last seen active 3m');
    },
    'sees the node NotReady and never Unknown, for its kubelet goes on talking': (result) => {
      const seen = readinessOfVictim(result);
      expect(seen).to.include('False');
      expect(seen).to.not.include('Unknown');
    },
    'fails no request': (result) => {
      expect(failuresDuring(result, 'new') + failuresDuring(result, 'reused')).to.equal(0);
    },
    'restarts no container': (result) => {
      expect(restarts(result)).to.deep.equal([]);
    },
  },
});
