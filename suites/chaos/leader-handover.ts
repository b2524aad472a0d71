import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { cleanReturn, errorBudget, leaderHandover, topologySpread } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { extraPodsMs, madeTwice, notDone, processedArrivals, type Processed } from './processed-once.ts';
import { passedMs, settingMs, timeOf } from './what-happened.ts';

/** A candidate looks every 2 s (leader-elect-retry-period), at random up to 2.4 s; the rest is for a busy machine. */
const retryMs = 2_400;
const busyMs = 12_600;
const silentMs = 30_000;
/** A Deployment or a Job every so often, of which the last comes long before the last heal: none may be pending then. */
const coming = { everyMs: 6_000, count: 15, replicas: 1 } as const;
/** Two watches of the recorder may tell of what came one after the other in another order, by so much at most. */
const watchesMs = 1_000;

const manager = 'kube-controller-manager';

/** What came in, and what became of it before a time of the run. */
const arrivalsOf = ({ directory }: RunResult, beforeMs = Infinity): readonly Processed[] =>
  processedArrivals(readHistory(directory).filter((event) => !('atMs' in event) || event.atMs < beforeMs));

/** What came in after the loss of a leader, and so long before another one led that it had to wait for it. */
function duringGap(result: RunResult, index: number, lease: string): readonly Processed[] {
  const [lostMs, ledMs] = [timeOf(result, index, 'injected'), passedMs(result, index, lease)];
  return arrivalsOf(result).filter(({ madeMs }) => madeMs > lostMs && madeMs < ledMs - watchesMs);
}

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
  workloads: [
    { workload: 'web', options: {} },
    { workload: 'arrivals', options: coming },
  ],
  load: { rate: 25, timeout: '3s', modes: ['new', 'reused'] },
  faults: [
    during('controller-manager-loss', { how: 'pause' }, { from: '3s', hold: '25s' }),
    during('scheduler-loss', { how: 'pause' }, { from: '55s', hold: '25s' }),
  ],
  // Nothing is promised of single pods: those that come at once after a gap keep a watch waiting now and then, which is a blind time.
  guarantees: [
    leaderHandover({ under: `${silentMs}ms` }),
    errorBudget({ objective: 99.9 }),
    cleanReturn({ within: '30s' }),
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
    'makes the pods of what came in without a controller manager when another one leads': (result) => {
      const waited = duringGap(result, 0, manager).flatMap(({ pods }) => pods);
      expect(waited).to.have.length.above(0);
      const ledMs = passedMs(result, 0, manager);
      expect(Math.min(...waited.map(({ firstMs }) => firstMs))).to.be.above(ledMs - watchesMs);
    },
    'places the pods that were made without a scheduler when another one leads': (result) => {
      const waited = duringGap(result, 1, 'kube-scheduler').flatMap(({ pods }) => pods);
      expect(waited).to.have.length.above(0);
      const ledMs = passedMs(result, 1, 'kube-scheduler');
      expect(Math.min(...waited.map(({ placedMs }) => placedMs))).to.be.above(ledMs - watchesMs);
    },
    'makes nothing twice until the old leader wakes up': (result) => {
      expect(madeTwice(arrivalsOf(result, timeOf(result, 0, 'healing')))).to.deep.equal([]);
    },
    'makes something twice, if at all, only while an old controller manager takes itself for the leader': (result) => {
      const [wokenMs, goneMs] = [timeOf(result, 0, 'healing'), timeOf(result, 0, 'gone')];
      for (const extraMs of extraPodsMs(arrivalsOf(result))) expect(extraMs).to.be.within(wokenMs, goneMs + watchesMs);
      expect(goneMs - wokenMs).to.be.below(settingMs(result, `${manager} leader-elect-renew-deadline`) + busyMs);
    },
    'does everything that was asked for, and has no more of it in the end': (result) => {
      expect(arrivalsOf(result)).to.have.lengthOf(coming.count);
      expect(notDone(arrivalsOf(result))).to.deep.equal([]);
    },
  },
});
