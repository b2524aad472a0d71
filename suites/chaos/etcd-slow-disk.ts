import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { cleanReturn, linearizable, rpo, rto } from '../../harness/guarantees/index.ts';
import { during, inTurn, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';
import { electedWithinMs, electionMs, expectElectionSettings } from './election.ts';
import { faultAt, podsThatLeft, restarts, samplesOf, unreadyNodes, writesDuring } from './what-happened.ts';

/** A sync of the log takes some writes of the disk: a few hundred milliseconds, and seconds. */
const [tiresome, hopeless] = [20, 3] as const;

/** The mean of the syncs while the disk was slow, and the raft term when it was planned and when the fault was gone. */
function slowDiskAt(
  result: RunResult,
  index: number,
): { readonly meanMs: number; readonly before: number; readonly after: number } {
  const [victim] = faultAt(result, index).targets;
  const fsyncs = samplesOf(result, index, 'etcd-fsync').map(
    ({ value }) => value as { readonly node: string; readonly meanMs: number },
  );
  const leaders = samplesOf(result, index, 'etcd-leader').map(({ value }) => value as { readonly term: number });
  const { term } = faultAt(result, index).plan as { readonly term: number };
  return {
    meanMs: fsyncs.find(({ node }) => node === victim)?.meanMs ?? NaN,
    before: term,
    after: leaders[0]?.term ?? NaN,
  };
}

/** First both disks at once: the leader and the third member are a quorum. A leader is as good as its disk, a quorum as its second best. */
export const scenario: Scenario = {
  name: 'etcd-slow-disk',
  summary:
    "An etcd follower syncs its log in seconds and the leader in a few hundred milliseconds, which costs no lead; then the leader's takes seconds.",
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [
    { workload: 'web', options: {} },
    { workload: 'ledger', options: { data: null, models: ['register'] } },
  ],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [
    during('etcd-slow-disk', { which: 'follower', writesPerSecond: hopeless }, { from: '3s', hold: '10s' }),
    ...inTurn(
      during('etcd-slow-disk', { which: 'leader', writesPerSecond: tiresome }, { from: '3s', hold: '10s' }),
      during('etcd-slow-disk', { which: 'leader', writesPerSecond: hopeless }, { from: '1s', hold: '12s' }),
    ),
  ],
  guarantees: [
    // Nobody is cut off from the service: what it is late is the machine's, and a machine without processors left widens the error bar.
    rto({ under: '30s', spacing: '100ms' }),
    rpo({ lost: 0 }),
    linearizable(),
    cleanReturn({ within: '30s' }),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'is told of the patience of etcd by the live settings': expectElectionSettings,
    'costs no lead when a follower is slow, nor when the leader syncs sooner than the others lose patience': (
      result,
    ) => {
      const [follower, leader] = [0, 1].map((index) => slowDiskAt(result, index));
      expect(leader?.meanMs).to.be.within(electionMs / 20, electionMs);
      for (const each of [follower, leader]) expect(each?.after).to.equal(each?.before);
    },
    'acknowledges writes all the time': (result) => {
      for (const index of [0, 1]) expect(writesDuring(result, index, 'felt').acknowledged).to.be.above(10);
    },
    'gives the lead to another one when a sync of the leader takes twice as long, and acknowledges again in time': (
      result,
    ) => {
      const { meanMs, before, after } = slowDiskAt(result, 2);
      if (meanMs > 2 * electionMs) expect(after).to.be.above(before);
      else expect(after).to.be.at.least(before);
      expect(writesDuring(result, 2, 'felt').backMs).to.be.below(electedWithinMs);
    },
    'takes no node for dead, evicts nothing and starts nothing again': (result) => {
      expect([...unreadyNodes(result), ...podsThatLeft(result), ...restarts(result)]).to.deep.equal([]);
    },
  },
});
