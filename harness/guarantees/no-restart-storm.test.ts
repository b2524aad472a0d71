import { expect } from 'chai';

import type { HistoryEvent, StateEvent } from '../model/history.ts';
import { noRestartStorm, noRestartStormGuarantee } from './no-restart-storm.ts';
import { fault, history, pod, recorderGap, state } from './testing/histories.ts';

type Given = Parameters<typeof noRestartStorm>[0];

const said = (events: readonly HistoryEvent[], given: Given = { restarts: 1 }): string => {
  const spec = noRestartStorm(given);
  const verdict = noRestartStormGuarantee.judge(events, noRestartStormGuarantee.params(spec.params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

const run = (...then: StateEvent[]): HistoryEvent[] =>
  history(fault(), [pod('web-a', 'w1', 100, { restarts: 4 }), pod('web-b', 'w2', 100), ...then]);
const crashed = (name: string, restarts: number, atMs: number, change: StateEvent['change'] = 'modified'): StateEvent =>
  pod(name, 'w1', atMs, { restarts, terminated: 'Error' }, change);
const two = (name: string, app: number, proxy: number, atMs: number): StateEvent =>
  pod(name, 'w1', atMs, {
    restarts: app + proxy,
    terminated: 'OOMKilled',
    containers: [
      { name: 'app', restarts: app, state: 'running' },
      { name: 'proxy', restarts: proxy, state: 'running' },
    ],
  });
/** The pods that were there at first, and what the API says of them and of others in its events. */
const blindFrom = (startMs: number, endMs: number, ...then: StateEvent[]): HistoryEvent[] => [
  ...run(about('web-a', 100), ...then),
  recorderGap('Pod', startMs, endMs),
  { kind: 'phase', atMs: 30_000, phase: 'drain', state: 'started' },
];
const about = (name: string, atMs: number): StateEvent =>
  state('Event', `${name}.${String(atMs)}`, atMs, { aboutKind: 'Pod', aboutName: name, reason: 'Started' });
const promise = (who: string, times = '1 time'): string =>
  `${who} started again more than ${times} from the first injection to the end of the recording; measured: `;

const rows: readonly { what: string; events: HistoryEvent[]; given?: Given; says: string }[] = [
  { what: 'no restart', events: run(), says: 'held: 0 restarts of 2 pods' },
  {
    what: 'as many as are allowed, and those before the fault',
    events: run(crashed('web-b', 2, 9_999), crashed('web-b', 3, 10_000)),
    says: 'held: 1 restart of 2 pods: shop/web-b 1 restart on w1, the last one seen 0 ms after the injection, ended last by Error',
  },
  {
    what: 'one more than is allowed',
    events: run(crashed('web-a', 5, 11_000), crashed('web-a', 6, 12_000)),
    says: `violated: violated no-restart-storm(1 per pod) - ${promise('the containers of no pod are')}shop/web-a 2 restarts on w1, the last one seen 2.00 s after the injection, ended last by Error`,
  },
  {
    what: 'a new pod, which counts from zero',
    events: run(crashed('web-c', 2, 11_000)),
    says: `violated: violated no-restart-storm(1 per pod) - ${promise('the containers of no pod are')}shop/web-c 2 restarts on w1, the last one seen 1.00 s after the injection, ended last by Error`,
  },
  {
    what: 'a count that starts again at zero',
    events: run(crashed('web-a', 0, 11_000), crashed('web-a', 1, 12_000)),
    says: 'held: 1 restart of 2 pods: shop/web-a 1 restart on w1, the last one seen 2.00 s after the injection, ended last by Error',
  },
  {
    what: 'two containers that restart once each, by the container',
    events: run(two('web-c', 0, 0, 5_000), two('web-c', 1, 1, 11_000)),
    given: { restarts: 1, per: 'container' },
    says: 'held: 2 restarts of 4 containers: shop/web-c/app 1 restart on w1, the last one seen 1.00 s after the injection, ended last by OOMKilled, shop/web-c/proxy 1 restart on w1, the last one seen 1.00 s after the injection, ended last by OOMKilled',
  },
  {
    what: 'pods of one workload that restart once each',
    events: run(crashed('web-a', 5, 11_000), crashed('web-b', 1, 12_000)),
    given: { restarts: 1, per: 'workload' },
    says: `violated: violated no-restart-storm(1 per workload) - ${promise('the containers of no workload are')}shop/ReplicaSet web-1 2 restarts on w1, the last one seen 2.00 s after the injection, ended last by Error`,
  },
  {
    what: 'a pod that was gone before the fault',
    events: run(crashed('web-a', 9, 5_000, 'deleted')),
    given: {},
    says: 'held: 0 restarts of 1 pod',
  },
  { what: 'no pod', events: history(fault()), says: 'unknown: no pod was recorded' },
  {
    what: 'a blind recorder',
    events: [...run(), recorderGap('Pod', 12_000, 14_000)],
    says: 'unknown: the probe recorder/Pod was blind for 2.00 s, 2.00 s after the injection: the watch broke; no events were recorded, which would tell of a pod that came and went meanwhile',
  },
  {
    what: 'a blind time after which every pod is there with its count',
    events: blindFrom(12_000, 14_000, crashed('web-a', 5, 13_900)),
    says: 'held: 1 restart of 2 pods: shop/web-a 1 restart on w1, the last one between 2.00 s and 3.90 s after the injection, ended last by Error',
  },
  {
    what: 'a storm in a blind time',
    events: blindFrom(12_000, 14_000, crashed('web-a', 6, 13_900)),
    says: `violated: violated no-restart-storm(1 per pod) - ${promise('the containers of no pod are')}shop/web-a 2 restarts on w1, the last one between 2.00 s and 3.90 s after the injection, ended last by Error`,
  },
  {
    what: 'restarts in a blind time that began before the fault',
    events: blindFrom(9_000, 14_000, crashed('web-a', 6, 13_900)),
    says: 'unknown: the watch was blind when the injection began: shop/web-a 2 restarts on w1, the last one between some time before and 3.90 s after the injection, ended last by Error; 2 of them may have been before the injection',
  },
  {
    what: 'a storm of which one restart may have been before the fault',
    events: blindFrom(9_000, 14_000, crashed('web-a', 5, 13_900), crashed('web-a', 7, 16_000)),
    says: `violated: violated no-restart-storm(1 per pod) - ${promise('the containers of no pod are')}shop/web-a 3 restarts on w1, the last one seen 6.00 s after the injection, ended last by Error; 1 of them may have been before the injection`,
  },
  {
    what: 'a pod that went in a blind time',
    events: blindFrom(12_000, 14_000, crashed('web-b', 1, 13_900, 'deleted')),
    says: 'unknown: the probe recorder/Pod was blind for 2.00 s, 2.00 s after the injection: the watch broke; 1 pod went meanwhile with counts that nobody saw, the first shop/web-b',
  },
  {
    what: 'a pod that came and went in a blind time',
    events: blindFrom(12_000, 14_000, about('web-z', 13_900)),
    says: 'unknown: the probe recorder/Pod was blind for 2.00 s, 2.00 s after the injection: the watch broke; an event tells of shop/web-z, a pod that nobody saw',
  },
  {
    what: 'a recorder that stays blind',
    events: blindFrom(12_000, 30_100),
    says: 'unknown: the probe recorder/Pod was blind for 18.1 s, 2.00 s after the injection: the watch broke; it saw nothing again',
  },
  {
    what: 'a blind time in which events were not seen either, nor afterwards',
    events: [...blindFrom(12_000, 14_000), recorderGap('Event', 12_000, 30_100)],
    says: 'unknown: the probe recorder/Pod was blind for 2.00 s, 2.00 s after the injection: the watch broke; no events were recorded, which would tell of a pod that came and went meanwhile',
  },
  {
    what: 'a storm that was seen in spite of a blind time',
    events: [...run(crashed('web-a', 6, 15_000)), recorderGap('Pod', 12_000, 14_000)],
    says: `violated: violated no-restart-storm(1 per pod) - ${promise('the containers of no pod are')}shop/web-a 2 restarts on w1, the last one seen 5.00 s after the injection, ended last by Error`,
  },
  {
    what: 'a fault that was not felt',
    events: history(fault({ feltMs: null }), [pod('web-a', 'w1', 100)]),
    says: 'unknown: the fault 1-node-power-loss was injected but not felt: w1 still answers',
  },
];

describe('no-restart-storm', () => {
  for (const { what, events, given, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(events, given)).to.equal(says);
    });
  }

  it('refuses what it does not know', () => {
    expect(() => noRestartStorm({ restarts: -1 })).to.throw(/no-restart-storm\.restarts/);
    expect(() => noRestartStorm({ per: 'node' as 'pod' })).to.throw(/no-restart-storm\.per/);
  });
});
