import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { rto, topologySpread } from '../../harness/guarantees/index.ts';
import { during, repeated, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft } from './what-happened.ts';

/** Without a grace period nobody is warned: requests fail until the endpoint of the dead pod is withdrawn everywhere. */
export const scenario: Scenario = {
  name: 'pod-kill',
  summary: 'Twice a pod of six is deleted by force: requests fail until its endpoint is withdrawn, and it is replaced.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: repeated(2, during('pod-kill', {}, { from: '3s', hold: '5s' })),
  guarantees: [rto({ under: '5s', spacing: '150ms' }), topologySpread({ within: '20s' })],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'takes exactly the two pods that were planned': (result) => {
      const planned = result.report.faults.flatMap(({ targets }) => targets.map((target) => target.split('/').at(-1)));
      expect(planned).to.have.lengthOf(2);
      expect([...podsThatLeft(result)]).to.have.members(planned);
    },
  },
});
