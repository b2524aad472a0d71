import { expect } from 'chai';

import type { HistoryEvent, StateEvent } from '../model/history.ts';
import { cleanReturn, cleanReturnGuarantee } from './clean-return.ts';
import {
  alert,
  alertsWatched,
  deployment,
  fault,
  history,
  node,
  pod,
  recorderGap,
  state,
  statefulSet,
} from './testing/histories.ts';

const said = (events: readonly HistoryEvent[]): string => {
  const spec = cleanReturn({ within: '5s' });
  const verdict = cleanReturnGuarantee.judge(events, cleanReturnGuarantee.params(spec.params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

/** Two ready pods on two nodes, and a StatefulSet; the fault is healed at 20 s, the recording ends at 40 s. */
const run = (then: readonly StateEvent[], endMs = 40_000): HistoryEvent[] =>
  history(
    fault(),
    [
      node('w1', 'a', 0),
      node('w2', 'b', 0),
      deployment('web', 2, 0),
      statefulSet('db', 3, 0),
      pod('web-a', 'w1', 100),
      pod('web-b', 'w2', 100),
      ...then,
    ],
    [{ kind: 'phase', atMs: endMs, phase: 'drain', state: 'started' }],
  );

const opening =
  'violated: violated clean-return(within 5s) - 5 s after the last heal nodes, cordons, taints, ready replicas, pods and their spread are as they were before the fault, and stay so; measured: ';
const pending = { phase: 'Pending', ready: false };

const rows: readonly { what: string; events: HistoryEvent[]; says: string }[] = [
  { what: 'nothing that changed', events: run([]), says: 'held: 2 nodes and 2 workloads as before from the heal on' },
  {
    what: 'what was back when the fault was healed',
    events: run([node('w1', 'a', 12_000, { unschedulable: true }), node('w1', 'a', 19_000)]),
    says: 'held: 2 nodes and 2 workloads as before from the heal on',
  },
  {
    what: 'a return to the millisecond',
    events: run([statefulSet('db', 3, 12_000, 2), statefulSet('db', 3, 25_000)]),
    says: 'held: 2 nodes and 2 workloads as before 5.00 s after the heal, of 1 thing missing at the heal; the last: StatefulSet shop/db has 2 ready replicas, before 3',
  },
  {
    what: 'a return that is late',
    events: run([statefulSet('db', 3, 12_000, 2), statefulSet('db', 3, 25_001)]),
    says: `${opening}2 nodes and 2 workloads as before 5.00 s after the heal, of 1 thing missing at the heal; the last: StatefulSet shop/db has 2 ready replicas, before 3`,
  },
  {
    what: 'a return that does not last',
    events: run([node('w1', 'a', 30_000, { ready: 'False', reason: 'KubeletNotReady' }), node('w1', 'a', 31_000)]),
    says: `${opening}2 nodes and 2 workloads as before 11.0 s after the heal; the last: node w1 is not Ready (KubeletNotReady)`,
  },
  {
    what: 'all that is left behind, one by one',
    events: run([
      node('w1', 'a', 12_000, {
        ready: 'Unknown',
        reason: 'NodeStatusUnknown',
        unschedulable: true,
        taints: [
          { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
          { key: 'maintenance', effect: 'NoExecute', value: 'x' },
        ],
      }),
      node('w2', 'b', 12_000, {}),
      statefulSet('db', 2, 12_000),
      state('Deployment', 'web', 12_000, { replicas: 2, ready: 1, updated: 2, selector: null }),
      pod('web-a', 'w1', 12_000, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      pod('web-c', null, 12_000, pending),
    ]),
    says: `${opening}not back when the recording ended 20.0 s after the heal: node w1 is not Ready (NodeStatusUnknown), node w1 is cordoned, node w1 has the taint maintenance:NoExecute, Deployment shop/web has 1 ready replicas, before 2, StatefulSet shop/db wants 2 replicas, before 3, pod shop/web-a is Terminating on w1, pod shop/web-c is Pending`,
  },
  {
    what: 'pods that stay where they fled',
    events: run([pod('web-a', 'w1', 12_000, {}, 'deleted'), pod('web-c', 'w2', 12_100)]),
    says: `${opening}not back when the recording ended 20.0 s after the heal: Deployment shop/web over topology.kubernetes.io/zone has skew 2, before 0`,
  },
  {
    what: 'a node that is gone',
    events: run([{ ...node('w2', 'b', 12_000), change: 'deleted' }]),
    says: `${opening}not back when the recording ended 20.0 s after the heal: node w2 is gone`,
  },
  {
    what: 'a workload that is gone',
    events: run([{ ...statefulSet('db', 3, 12_000), change: 'deleted' }]),
    says: `${opening}not back when the recording ended 20.0 s after the heal: StatefulSet shop/db is gone`,
  },
  {
    what: 'what was so before the fault',
    events: run([
      node('w1', 'a', 200, { unschedulable: true, taints: [{ key: 'gpu', effect: 'NoSchedule' }] }),
      pod('web-z', null, 300, pending),
      statefulSet('db', 3, 400, 2),
    ]),
    says: 'held: 2 nodes and 2 workloads as before from the heal on',
  },
  {
    what: 'a recording that ends too early',
    events: run([pod('web-c', null, 12_000, pending)], 24_000),
    says: 'unknown: not back when the recording ended 4.00 s after the heal: pod shop/web-c is Pending, before the 5 s were over',
  },
  {
    what: 'a return that was seen late because the harness stood still',
    events: [
      ...run([statefulSet('db', 3, 12_000, 2), statefulSet('db', 3, 25_500)]),
      { kind: 'gap', probe: 'harness', startMs: 24_500, endMs: 25_500, because: 'it stood still' },
    ],
    says: 'unknown: 2 nodes and 2 workloads as before 5.50 s after the heal, of 1 thing missing at the heal; the last: StatefulSet shop/db has 2 ready replicas, before 3, but the harness stood still then',
  },
  {
    what: 'a blind recorder after the heal',
    events: [...run([]), recorderGap('Node', 21_000, 22_000)],
    says: 'unknown: the probe recorder/Node was blind for 1.00 s, 11.0 s after the injection: the watch broke',
  },
  {
    what: 'a blind recorder during the fault, which decides nothing',
    events: [...run([]), recorderGap('Pod', 12_000, 13_000)],
    says: 'held: 2 nodes and 2 workloads as before from the heal on',
  },
  {
    what: 'a recorder that the fault made blind, by what it saw last before',
    events: [...run([]), recorderGap('Node', 8_000, 12_000), recorderGap('Pod', 7_000, 9_999)],
    says: 'held: 2 nodes and 2 workloads as before from the heal on',
  },
  {
    what: 'a loss of which the blind recorder heard after the fault, against what it saw last before',
    events: [...run([statefulSet('db', 3, 11_000, 2)]), recorderGap('StatefulSet', 8_000, 12_000)],
    says: `${opening}not back when the recording ended 20.0 s after the heal: StatefulSet shop/db has 2 ready replicas, before 3`,
  },
  {
    what: 'a recorder that was blind long before the fault',
    events: [...run([]), recorderGap('Node', 8_000, 12_000), recorderGap('Pod', -1_000, 12_000)],
    says: 'unknown: the probe recorder/Node was blind for 4.00 s, from 2.00 s before the injection on: the watch broke',
  },
  {
    what: 'a fault that was never healed',
    events: history(fault({ healedMs: null }), [node('w1', 'a', 0), deployment('web', 2, 0)]),
    says: 'unknown: the fault was never healed',
  },
  {
    what: 'no node',
    events: history(fault(), [deployment('web', 2, 0)]),
    says: 'unknown: no node was recorded before the fault',
  },
  {
    what: 'no workload',
    events: history(fault(), [node('w1', 'a', 0), deployment('web', 2, 11_000)]),
    says: 'unknown: no workload was recorded before the fault',
  },
];

/** The same run, whose alerts were watched. */
const alarmed = (then: readonly StateEvent[], endMs = 40_000): HistoryEvent[] => [alertsWatched(), ...run(then, endMs)];
const allAlerts = '2 nodes, 2 workloads and the alerts of monitoring/prometheus:9090 as before';
const fires = 'the alert TargetDown{pod="a"} fires';

const withAlerts: typeof rows = [
  { what: 'alerts of which none fires', events: alarmed([]), says: `held: ${allAlerts} from the heal on` },
  {
    what: 'an alert from before the fault that goes on',
    events: alarmed([alert('a', 8_000)]),
    says: `held: ${allAlerts} from the heal on`,
  },
  {
    what: 'an alert from before the fault that ends',
    events: alarmed([alert('a', 8_000), alert('a', 30_000, 'deleted')]),
    says: `held: ${allAlerts} from the heal on`,
  },
  {
    what: 'an alert during the fault',
    events: alarmed([alert('a', 13_000), alert('a', 19_000, 'deleted')]),
    says: `held: ${allAlerts} from the heal on`,
  },
  {
    what: 'an alert that ends in time',
    events: alarmed([alert('a', 13_000), alert('a', 24_000, 'deleted')]),
    says: `held: ${allAlerts} 4.00 s after the heal, of 1 thing missing at the heal; the last: ${fires}`,
  },
  {
    what: 'an alert that ended in time or just after it',
    events: alarmed([alert('a', 13_000), alert('a', 26_000, 'deleted')]),
    says: `unknown: ${allAlerts} 6.00 s after the heal, of 1 thing missing at the heal; the last: ${fires}, but nobody looked at the alerts then`,
  },
  {
    what: 'an alert that ends too late',
    events: alarmed([alert('a', 13_000), alert('a', 28_000, 'deleted')]),
    says: `${opening}${allAlerts} 8.00 s after the heal, of 1 thing missing at the heal; the last: ${fires}`,
  },
  {
    what: 'an alert that goes on, beside one from before',
    events: alarmed([alert('b', 8_000), alert('a', 13_000)]),
    says: `${opening}not back when the recording ended 20.0 s after the heal: ${fires}`,
  },
  {
    what: 'an alert that comes after all was back',
    events: alarmed([alert('a', 33_000)]),
    says: `${opening}not back when the recording ended 20.0 s after the heal: ${fires}`,
  },
  {
    what: 'a recording that ends while an alert may still come',
    events: alarmed([], 24_000),
    says: `unknown: ${allAlerts} from the heal on; until 5 s after the heal an alert may still come`,
  },
  {
    what: 'an alert that may have fired before the fault, as its cause was there',
    events: alarmed([alert('a', 11_000)]),
    says: `unknown: not back when the recording ended 20.0 s after the heal: ${fires}, but it may have fired before the injection: nobody had looked at the alerts just before`,
  },
  {
    what: 'an alert whose cause came about after the fault, though nobody had looked just before',
    events: alarmed([alert('a', 11_000, 'added', { activeMs: 10_500 })]),
    says: `${opening}not back when the recording ended 20.0 s after the heal: ${fires}`,
  },
  {
    what: 'alerts that were not seen at the end',
    events: [...alarmed([]), recorderGap('Alert', 30_000, 40_000)],
    says: 'unknown: the probe recorder/Alert was blind for 10.0 s, 20.0 s after the injection: the watch broke',
  },
  {
    what: 'alerts that were not seen since long before the fault',
    events: [...alarmed([]), recorderGap('Alert', -1_000, 12_000)],
    says: 'unknown: the probe recorder/Alert was blind for 13.0 s, from 11.0 s before the injection on: the watch broke',
  },
  {
    what: 'alerts that were not seen from the fault on, and again in time',
    events: [...alarmed([]), recorderGap('Alert', 8_500, 23_000)],
    says: `held: ${allAlerts} at most 3.00 s after the heal, when the alerts were seen again`,
  },
];

describe('clean-return', () => {
  for (const { what, events, says } of [...rows, ...withAlerts]) {
    it(`judges ${what}`, () => {
      expect(said(events)).to.equal(says);
    });
  }

  it('tells when each alert was first seen after the injection, and when it was gone', () => {
    const events = alarmed([alert('a', 13_000), alert('b', 14_000), alert('a', 24_000, 'deleted')]);
    const { details } = cleanReturnGuarantee.judge(events, cleanReturnGuarantee.params({ within: '5s' }));
    expect(details).to.deep.include({
      alerts: [
        { alert: 'TargetDown{pod="a"}', seenMs: 3_000, goneMs: 14_000 },
        { alert: 'TargetDown{pod="b"}', seenMs: 4_000, goneMs: null },
      ],
    });
  });

  it('says nothing of alerts where nobody watched them', () => {
    const { details } = cleanReturnGuarantee.judge(run([]), cleanReturnGuarantee.params({}));
    expect(details).to.have.all.keys('healedMs', 'missing', 'timeline');
  });
});
