import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import {
  cleanReturn,
  noRestartStorm,
  pdbHonoured,
  topologySpread,
  zeroFailures,
} from '../../harness/guarantees/index.ts';
import { during, inTurn, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { faultAt, podsThatLeft, unreadyNodes } from './what-happened.ts';

/**
 * Losses of what makes changes, and not of what serves: containers outlive their runtime, rules their kube-proxy, and pods need no
 * admission, no free address and no room on the disk to go on; small answers pass where large ones are lost, and nobody but an
 * operator talks to a kubelet. All at once, on different nodes, they must not cost a single request.
 */
export const scenario: Scenario = {
  name: 'unnoticed-losses',
  summary:
    'No runtime, kube-proxy, webhook, address, room or large packet, and no way to a kubelet: nothing new comes about, what runs goes on.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '3s', modes: ['new', 'reused'] },
  faults: [
    during('webhook-outage', { policy: 'Fail' }, { from: '3s', hold: '4s' }),
    during('webhook-outage', { policy: 'Ignore', timeoutSeconds: 1 }, { from: '16s', hold: '5s' }),
    ...inTurn(
      during('disk-full', { zone: 'zone-b', role: 'worker' }, { from: '2s', hold: '5s' }),
      during('runtime-kill', { running: 'app=web', zone: 'zone-b' }, { from: '1s', hold: '8s' }),
    ),
    during('kube-proxy-loss', { running: 'app=web', zone: 'zone-c' }, { from: '5s', hold: '15s' }),
    ...inTurn(
      during('ip-exhaustion', { running: 'app=web', zone: 'zone-a' }, { from: '3s', hold: '10s' }),
      during('mtu-black-hole', { running: 'app=web', zone: 'zone-a' }, { from: '1s', hold: '6s' }),
      during('port-block', { running: 'app=web', zone: 'zone-a' }, { from: '1s', hold: '8s' }),
    ),
  ],
  guarantees: [
    zeroFailures(),
    noRestartStorm({ restarts: 0 }),
    cleanReturn({ within: '30s' }),
    pdbHonoured(),
    topologySpread({ within: '1s' }),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'refuses a new pod where the webhook must agree, and waits for it where it may be ignored': (result) => {
      const [refused, waited] = [0, 1].map((index) => faultAt(result, index).active.evidence);
      expect(refused).to.match(/a pod was refused after .* failed calling webhook/);
      expect(waited).to.match(/a pod was accepted after [1-9]/);
    },
    'keeps every node Ready and every pod': (result) => {
      expect(unreadyNodes(result)).to.deep.equal([]);
      expect(podsThatLeft(result)).to.deep.equal([]);
    },
  },
});
