import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { capacityRto, pdbHonoured, rto, topologySpread } from '../../harness/guarantees/index.ts';
import { toMs } from '../../harness/model/duration.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft, withdrawalMs, unreadyNodes } from '../chaos/what-happened.ts';

/** For the new leader to look and every kube-proxy of the other zones to hear of it. */
const propagationMs = 8_000;
const reaches = { under: '78s', spacing: '150ms' } as const;

/**
 * With the zone go one of three etcd members, one of three API servers, and perhaps the controller manager that leads: its successor
 * waits for the lease first and then starts the grace period of the nodes anew. Who enters by the zone itself cannot be helped.
 */
export const scenario: Scenario = {
  name: 'az-loss',
  summary: 'A zone loses its power for 85 s: clients of the others stop failing when its endpoints are withdrawn.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('az-loss', { zone: 'zone-b', how: 'power' }, { from: '3s', hold: '85s' })],
  guarantees: [
    rto({ ...reaches, path: 'nodeport-zone-a' }),
    rto({ ...reaches, path: 'nodeport-zone-c' }),
    // The pods stay bound to their nodes and are back with them: held for 85 s, and what three boots take.
    capacityRto({ under: '150s', spacing: '150ms' }),
    pdbHonoured(),
    topologySpread({ within: '60s' }),
  ],
  recoverWithin: '120s',
};

describeScenario(scenario, catalogue, {
  also: {
    'gives no more time than the live settings need': (result) => {
      expect(toMs(reaches.under, 'under')).to.equal(withdrawalMs(result) + propagationMs);
    },
    'sees every node of the zone Unknown, and no other': (result) => {
      const lost = result.report.faults[0]?.targets ?? [];
      const unknown = unreadyNodes(result).flatMap((each) => /^(\S+) Ready=Unknown$/.exec(each)?.[1] ?? []);
      expect(unknown).to.have.members([...lost]);
    },
    'evicts nothing, for the tolerations last longer': (result) => {
      expect(podsThatLeft(result)).to.deep.equal([]);
    },
  },
});
