import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import {
  cleanReturn,
  errorBudget,
  leaderHandover,
  noRestartStorm,
  pdbHonoured,
  topologySpread,
} from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { settingMs } from './what-happened.ts';

/** A candidate looks every 2 s (leader-elect-retry-period), at random up to 2.4 s; the rest is for a busy machine. */
const retryMs = 2_400;
const busyMs = 12_600;
const silentMs = 30_000;

/**
 * Stopped and not killed: a leader that is stopped wakes up and believes that it still leads, as one does whose machine stood still.
 * One after the other, since both leaders are mostly on the control plane that booted first.
 */
export const scenario: Scenario = {
  name: 'leader-handover',
  summary:
    'The leading controller manager is stopped, then the leading scheduler: another one leads, and the old one gives way when it wakes up.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '3s', modes: ['new', 'reused'] },
  faults: [
    during('controller-manager-loss', { how: 'pause' }, { from: '3s', hold: '25s' }),
    during('scheduler-loss', { how: 'pause' }, { from: '55s', hold: '25s' }),
  ],
  guarantees: [
    leaderHandover({ under: `${silentMs}ms` }),
    errorBudget({ objective: 99.9 }),
    noRestartStorm({ restarts: 0 }),
    cleanReturn({ within: '30s' }),
    pdbHonoured(),
    topologySpread({ within: '1s' }),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'gives no more time than the live settings need': (result) => {
      const leaseMs = settingMs(result, 'kube-controller-manager leader-elect-lease-duration');
      expect(settingMs(result, 'kube-scheduler lease')).to.equal(leaseMs);
      expect(silentMs).to.equal(leaseMs + retryMs + busyMs);
    },
    'sees both leases pass to another node': ({ report }) => {
      const details = report.guarantees[0]?.verdict.details as {
        readonly handovers: readonly { readonly lease: string; readonly from: string; readonly to: string }[];
      };
      const passed = details.handovers.map(({ lease, from, to }) => [lease, from.split('_')[0] !== to.split('_')[0]]);
      expect(passed).to.deep.include(['kube-system/kube-controller-manager', true]);
      expect(passed).to.deep.include(['kube-system/kube-scheduler', true]);
    },
  },
});
