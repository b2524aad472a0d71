import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { capacityRto, cleanReturn, pdbHonoured, topologySpread } from '../../harness/guarantees/index.ts';
import { during, inTurn, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft, settingMs, unreadyNodes } from './what-happened.ts';

/** The longest that any of them takes a node away. */
const cutMs = 10_000;
const hold = `${cutMs}ms`;

const first = { from: '3s', hold } as const;
const next = { from: '1s', hold } as const;

/**
 * Every worker has troubles of its own, at the same time as all others: what is hard on a network, and what is short on a node.
 * None lasts as long as the grace period of a node, so that nothing may be moved, and everything must be back by itself.
 */
export const scenario: Scenario = {
  name: 'bad-weather',
  summary:
    'Lost and late packets, narrow and cut links, nodes short of time, memory, processes or a runtime, all at once: nothing moves, all comes back.',
  // Of this seed all who look at a network fault from outside are control planes or w6, which none of them touches.
  seed: 464,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  // So many that every worker has some.
  workloads: [{ workload: 'web', options: { replicas: 12, minAvailable: 8 } }],
  load: { rate: 25, timeout: '3s', modes: ['new', 'reused'] },
  faults: [
    ...inTurn(
      during('packet-loss', { node: 'w1', percent: 20 }, first),
      during('kube-proxy-rules-flush', { node: 'w1' }, { from: '1s', hold: '5s' }),
      during('expired-certificate', { which: 'kubelet-serving', node: 'w1' }, { from: '1s', hold: '12s' }),
    ),
    ...inTurn(during('node-partition', { pairs: [['w2', 'w5']] }, first), during('bandwidth', { node: 'w2' }, next)),
    ...inTurn(during('network-cut', { node: 'w3' }, first), during('latency', { node: 'w3' }, next)),
    ...inTurn(during('pid-exhaustion', { node: 'w4', spare: 50 }, first), during('reboot', { node: 'w4' }, next)),
    ...inTurn(during('cpu-starvation', { node: 'w6' }, first), during('runtime-freeze', { node: 'w6' }, next)),
    ...inTurn(
      during('etcd-follower-loss', {}, { from: '3s', hold: '5s' }),
      during('memory-pressure', { node: 'w5' }, { from: '15s', hold }),
    ),
  ],
  guarantees: [
    capacityRto({ under: '90s', spacing: '150ms' }),
    cleanReturn({ within: '60s' }),
    pdbHonoured(),
    topologySpread({ within: '1s' }),
  ],
  recoverWithin: '90s',
};

describeScenario(scenario, catalogue, {
  also: {
    'takes no node away for as long as the live settings tolerate': (result) => {
      const graceMs = settingMs(result, 'kube-controller-manager node-monitor-grace-period');
      const renewalMs = settingMs(result, 'kubelet nodeStatusUpdateFrequency');
      expect(cutMs + renewalMs).to.be.below(graceMs);
    },
    'sees no node Unknown': (result) => {
      expect(unreadyNodes(result).filter((each) => each.endsWith('=Unknown'))).to.deep.equal([]);
    },
    'evicts nothing': (result) => {
      expect(podsThatLeft(result)).to.deep.equal([]);
    },
  },
});
