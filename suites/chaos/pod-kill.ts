import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { pdbHonoured, rto, topologySpread } from '../../harness/guarantees/index.ts';
import { during, inTurn, repeated, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft, timeOf } from './what-happened.ts';

/**
 * Without a grace period nobody is warned: requests fail until the endpoint of the dead pod is withdrawn everywhere. Meanwhile, in other
 * zones, a container is killed in its pod and a pod that serves says that it is not ready; then one is asked to go, and a rollout fails.
 */
export const scenario: Scenario = {
  name: 'pod-kill',
  summary:
    'Twice a pod of six is deleted by force: requests fail until its endpoint is withdrawn, and it is replaced. What else can befall a pod costs less.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [
    during('container-kill', { zone: 'zone-b' }, { from: '7s', hold: '3s' }),
    during('hang', { what: 'ready', zone: 'zone-c' }, { from: '3s', hold: '6s' }),
    ...inTurn(
      ...repeated(2, during('pod-kill', { zone: 'zone-a' }, { from: '3s', hold: '5s' })),
      during('evict', { zone: 'zone-b' }, { from: '1s', hold: '4s' }),
      during('bad-rollout', {}, { from: '1s', hold: '6s' }),
    ),
  ],
  guarantees: [rto({ under: '5s', spacing: '150ms' }), pdbHonoured(), topologySpread({ within: '20s' })],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'takes exactly the two pods that were planned, before another one is asked to go': (result) => {
      const kills = result.report.faults.filter(({ fault }) => fault === 'pod-kill');
      const planned = kills.flatMap(({ targets }) => targets.map((target) => target.split('/').at(-1)));
      expect(planned).to.have.lengthOf(2);
      expect([...podsThatLeft(result, timeOf(result, 4, 'injecting'))]).to.have.members(planned);
    },
  },
});
