import { expect } from 'chai';

import type { GapEvent, HistoryEvent, StateEvent } from '../model/history.ts';
import { endpointsConverge, endpointsConvergeGuarantee } from './endpoints-converge.ts';
import { fault, history, node, pod, recorderGap, service, slice } from './testing/histories.ts';

const judged = (events: readonly HistoryEvent[]) =>
  endpointsConvergeGuarantee.judge(
    events,
    endpointsConvergeGuarantee.params(endpointsConverge({ under: '5s' }).params),
  );
const said = (events: readonly HistoryEvent[]): string => {
  const verdict = judged(events);
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

const end: HistoryEvent = { kind: 'phase', atMs: 40_000, phase: 'drain', state: 'started' };
/** Two ready pods of the service web on two nodes, in one slice. */
const run = (...then: StateEvent[]): HistoryEvent[] =>
  history(
    fault(),
    [
      node('w1', 'a', 0),
      node('w2', 'b', 0),
      pod('web-a', 'w1', 100),
      pod('web-b', 'w2', 100),
      service('web', 110),
      slice('web-x', 120, ['web-a', 'web-b']),
      ...then,
    ],
    [end],
  );
const stall: GapEvent = { kind: 'gap', probe: 'harness', startMs: 16_000, endMs: 17_100, because: 'it stood still' };

const lost = { ready: false };
const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
const terminating = { pod: 'web-a', ready: false, serving: true, terminating: true };
const opening =
  'violated: violated endpoints-converge(5s) - a pod that ceases to be Ready or goes away leaves every EndpointSlice within 5 s, and one that turns Ready is in one within 5 s; measured: ';
const changes = (n: number, withdrawn: string, offered: string): string =>
  `held: ${String(n)} change${n === 1 ? '' : 's'} of ready pods in 1 service: withdrawn after ${withdrawn} at worst, offered after ${offered} at worst`;

const rows: readonly { what: string; events: HistoryEvent[]; says: string }[] = [
  {
    what: 'a pod that fails, and is withdrawn and offered again in time',
    events: run(
      pod('web-a', 'w1', 12_000, lost),
      slice('web-x', 12_300, [{ pod: 'web-a', ready: false, serving: false }, 'web-b']),
      pod('web-a', 'w1', 14_000),
      slice('web-x', 14_200, ['web-a', 'web-b']),
    ),
    says: changes(2, '300 ms', '200 ms'),
  },
  {
    what: 'a withdrawal to the millisecond',
    events: run(pod('web-a', 'w1', 12_000, lost), slice('web-x', 17_000, ['web-b'])),
    says: changes(1, '5.00 s', '0 ms'),
  },
  {
    what: 'a withdrawal that is late',
    events: run(pod('web-a', 'w1', 12_000, lost), slice('web-x', 17_001, ['web-b'])),
    says: `${opening}pod shop/web-a is not Ready 2.00 s after the injection, and the slice web-x of web offered it for 5.00 s`,
  },
  {
    what: 'an endpoint that is not ready any more, but serves',
    events: run(
      pod('web-a', 'w1', 12_000, lost),
      slice('web-x', 12_300, [{ pod: 'web-a', ready: false, serving: true }, 'web-b']),
    ),
    says: `${opening}pod shop/web-a is not Ready 2.00 s after the injection, and the slice web-x of web offered it for 28.0 s, and still was when the recording ended`,
  },
  {
    what: 'a pod that is going away and serves meanwhile, as it may',
    events: run(
      pod('web-a', 'w1', 12_000, going),
      slice('web-x', 12_100, [terminating, 'web-b']),
      pod('web-a', 'w1', 22_000, { ...going, ready: false, phase: 'Succeeded' }),
      slice('web-x', 22_050, ['web-b']),
      pod('web-a', 'w1', 22_100, { ...going, phase: 'Succeeded' }, 'deleted'),
    ),
    says: changes(1, '100 ms', '0 ms'),
  },
  {
    what: 'a second slice that keeps a pod which is gone',
    events: run(
      slice('by-hand', 11_000, ['web-a']),
      pod('web-a', 'w1', 12_000, {}, 'deleted'),
      slice('web-x', 12_100, ['web-b']),
    ),
    says: `${opening}pod shop/web-a was removed 2.00 s after the injection, and the slice by-hand of web offered it for 28.0 s, and still was when the recording ended`,
  },
  {
    what: 'a slice that is removed in time',
    events: run(
      slice('by-hand', 11_000, ['web-a']),
      pod('web-a', 'w1', 12_000, {}, 'deleted'),
      slice('web-x', 12_100, ['web-b']),
      slice('by-hand', 13_000, ['web-a'], 'deleted'),
    ),
    says: changes(1, '1.00 s', '0 ms'),
  },
  {
    what: 'a node that is lost, whose pods nobody marks',
    events: run(node('w1', 'a', 12_000, { ready: 'Unknown', reason: 'NodeStatusUnknown' })),
    says: `${opening}pod shop/web-a is on w1, which is not Ready 2.00 s after the injection, and the slice web-x of web offered it for 28.0 s, and still was when the recording ended`,
  },
  {
    what: 'a replacement that is never offered',
    events: run(pod('web-c', 'w1', 12_000)),
    says: `${opening}pod shop/web-c is Ready 2.00 s after the injection, and no slice of web offered it for 28.0 s, and still was when the recording ended`,
  },
  {
    what: 'a slice that is seen before its pod',
    events: run(slice('web-x', 11_990, ['web-b']), pod('web-a', 'w1', 12_000, lost)),
    says: changes(1, '0 ms', '10 ms'),
  },
  {
    what: 'a pod of no service',
    events: run(pod('job-1', 'w1', 11_000, { labels: { app: 'job' } }), pod('job-1', 'w1', 12_000, lost)),
    says: 'unknown: no pod of a service turned Ready or ceased to be from the injection on, so no endpoint had to change',
  },
  {
    what: 'a lag that was mended before the fault',
    events: run(pod('web-a', 'w1', 1_000, lost), slice('web-x', 9_000, ['web-b'])),
    says: 'unknown: no pod of a service turned Ready or ceased to be from the injection on, so no endpoint had to change',
  },
  {
    what: 'a recording that ends too early',
    events: run(pod('web-a', 'w1', 38_000, lost)),
    says: 'unknown: pod shop/web-a is not Ready 28.0 s after the injection, and the slice web-x of web offered it for 2.00 s, and still was when the recording ended',
  },
  {
    what: 'a withdrawal that was seen late because the harness stood still',
    events: [...run(pod('web-a', 'w1', 12_000, lost), slice('web-x', 17_100, ['web-b'])), stall],
    says: 'unknown: pod shop/web-a is not Ready 2.00 s after the injection, and the slice web-x of web offered it for 4.00 s to 5.10 s',
  },
  {
    what: 'no service',
    events: history(fault(), [pod('web-a', 'w1', 100), slice('web-x', 120, ['web-a'])]),
    says: 'unknown: no Service was recorded, so it is not known which pods are whose endpoints',
  },
  {
    what: 'no slice',
    events: history(fault(), [pod('web-a', 'w1', 100), service('web', 120)]),
    says: 'unknown: no EndpointSlice was recorded',
  },
  {
    what: 'a blind recorder',
    events: [
      ...run(pod('web-a', 'w1', 12_000, lost), slice('web-x', 19_000, ['web-b'])),
      recorderGap('EndpointSlice', 13_000, 19_000),
    ],
    says: 'unknown: the probe recorder/EndpointSlice was blind for 6.00 s, 3.00 s after the injection: the watch broke',
  },
];

describe('endpoints-converge', () => {
  for (const { what, events, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(events)).to.equal(says);
    });
  }

  it('wants every pod that has not ended of a service that publishes them all', () => {
    const published = service('web', 110, { publishNotReady: true });
    const change = [pod('web-a', 'w1', 12_000, lost), pod('web-a', 'w1', 13_000), slice('web-x', 13_010, ['web-b'])];
    expect(said(run(published, ...change.slice(0, 2)))).to.equal(changes(2, '0 ms', '0 ms'));
    expect(said(run(published, ...change))).to.match(/no slice of web offered it for 27\.0 s/);
  });

  it('knows a pod by its uid where the slice says it, and else by its name', () => {
    const next: StateEvent = { ...pod('web-a', 'w2', 13_000), uid: 'another' };
    const replaced = [pod('web-a', 'w1', 12_000, {}, 'deleted'), next];
    const stale = run(...replaced, slice('web-x', 13_100, ['web-b', { pod: 'web-a', uid: 'another' }]));
    expect(said(stale)).to.equal(changes(2, '1.10 s', '100 ms'));
    expect(said(run(...replaced, slice('web-x', 13_100, ['web-b', 'web-a'])))).to.match(/^violated: /);
    expect(said(run(...replaced, slice('web-x', 13_100, ['web-b', { pod: 'web-a', uid: null }])))).to.match(/^held: /);
  });

  it('lists what lagged', () => {
    const { details } = judged(run(pod('web-a', 'w1', 12_000, lost), slice('web-x', 12_400, ['web-b'])));
    expect((details as unknown as { lags: object[] }).lags[0]).to.include({
      what: 'withdrawal',
      pod: 'web-a',
      slice: 'web-x',
      startMs: 12_000,
      upperMs: 400,
      open: false,
    });
  });
});
