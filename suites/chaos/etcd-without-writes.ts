import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import {
  apiRto,
  appendOrder,
  cleanReturn,
  errorBudget,
  linearizable,
  noRestartStorm,
  rpo,
  setComplete,
} from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { podsThatLeft, restarts, settingMs, unreadyNodes, writesDuring } from './what-happened.ts';

const quorumMs = 12_000;
const spaceMs = 8_000;
/** From the heal to a write that is acknowledged, which needs an election and, after NOSPACE, nothing; the rest is for a busy machine. */
const backMs = 10_000 + 10_000;
/** A write that is tried waits for 3 s, and all must be acknowledged again; as much again for a busy machine. */
const steadyAgainMs = 10_000;

/**
 * Both times the API goes on as far as it can without a write. The first is shorter than the grace period of the nodes, whose
 * leases grow old meanwhile: a controller manager that comes back must not take them for dead.
 */
export const scenario: Scenario = {
  name: 'etcd-without-writes',
  summary:
    'etcd loses its quorum, and later its room: nothing is acknowledged meanwhile and nothing is lost; services do not notice.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [
    { workload: 'web', options: {} },
    { workload: 'ledger', options: { models: ['register', 'set', 'append', 'lease'] } },
  ],
  load: { rate: 25, timeout: '3s', modes: ['new', 'reused'] },
  faults: [
    during('etcd-quorum-loss', { really: true }, { from: '3s', hold: `${quorumMs}ms` }),
    during('etcd-space-quota', {}, { from: '35s', hold: `${spaceMs}ms` }),
  ],
  guarantees: [
    errorBudget({ objective: 99.9 }),
    apiRto({ under: `${quorumMs + backMs + steadyAgainMs}ms`, target: 'api-ha', spacing: '500ms' }),
    rpo({ lost: 0 }),
    linearizable(),
    setComplete(),
    appendOrder(),
    noRestartStorm({ restarts: 0 }),
    cleanReturn({ within: '60s' }),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'acknowledges no write without a quorum, although many are tried': (result) => {
      const { tried, acknowledged } = writesDuring(result, 0, 'injected');
      expect(tried).to.be.above(10);
      expect(acknowledged).to.equal(0);
    },
    'acknowledges none without room either': (result) => {
      const { tried, acknowledged } = writesDuring(result, 1, 'felt');
      expect(tried).to.be.above(0);
      expect(acknowledged).to.equal(0);
    },
    'acknowledges writes again in time, with a quorum as with room': (result) => {
      for (const index of [0, 1]) expect(writesDuring(result, index, 'felt').backMs).to.be.below(backMs);
    },
    'is without a quorum for less than the live settings tolerate of a node': (result) => {
      const graceMs = settingMs(result, 'kube-controller-manager node-monitor-grace-period');
      const renewalMs = settingMs(result, 'kubelet nodeStatusUpdateFrequency');
      expect(quorumMs + renewalMs).to.be.below(graceMs);
    },
    'takes no node for dead': (result) => {
      expect(unreadyNodes(result)).to.deep.equal([]);
    },
    'evicts nothing and starts nothing again': (result) => {
      expect(podsThatLeft(result)).to.deep.equal([]);
      expect(restarts(result)).to.deep.equal([]);
    },
  },
});
