import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { pdbHonoured, rto } from '../../harness/guarantees/index.ts';
import { toMs } from '../../harness/model/duration.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft, readinessOfVictim, withdrawalMs } from '../chaos/what-happened.ts';

/** For the new leader to look and every kube-proxy outside the zone to hear of it. */
const propagationMs = 8_000;
const reaches = { under: '78s', spacing: '150ms' } as const;

/**
 * Nothing withdraws the endpoints of the zone before its nodes' grace period is over. When the controller manager that leads is in
 * the zone, its successor waits for the lease first and then starts the grace period anew. The entry in the zone itself gets no
 * better before the heal: its kube-proxy hears nothing either.
 */
export const scenario: Scenario = {
  name: 'az-partition',
  summary:
    'A zone is cut from the others both ways for 85 s: clients outside it stop failing when its endpoints are withdrawn.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('az-partition', { zone: 'zone-b', mode: 'both' }, { from: '3s', hold: '85s' })],
  guarantees: [
    rto({ ...reaches, path: 'nodeport-zone-a' }),
    rto({ ...reaches, path: 'nodeport-zone-c' }),
    pdbHonoured(),
  ],
  recoverWithin: '90s',
};

describeScenario(scenario, catalogue, {
  also: {
    'gives no more time than the live settings need': (result) => {
      expect(toMs(reaches.under, 'under')).to.equal(withdrawalMs(result) + propagationMs);
    },
    'sees the nodes of the zone Unknown': (result) => {
      expect(readinessOfVictim(result)).to.include('Unknown');
    },
    'evicts nothing, for the tolerations last longer': (result) => {
      expect(podsThatLeft(result)).to.deep.equal([]);
    },
  },
});
