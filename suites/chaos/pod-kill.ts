import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { rto, topologySpread } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft } from './what-happened.ts';

/** Without a grace period nobody is warned: requests fail until the endpoint of the dead pod is withdrawn everywhere. */
export const scenario: Scenario = {
  name: 'pod-kill',
  summary:
    'Two of six pods are deleted by force: requests fail until their endpoints are withdrawn, and both are replaced.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('pod-kill', { count: 2 }, { from: '3s', hold: '8s' })],
  guarantees: [rto({ under: '5s', spacing: '150ms' }), topologySpread({ within: '20s' })],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'takes exactly the two pods that were planned': (result) => {
      const planned = result.report.faults[0]?.targets.map((target) => target.split('/').at(-1));
      expect([...podsThatLeft(result)]).to.have.members(planned ?? []);
    },
  },
});
