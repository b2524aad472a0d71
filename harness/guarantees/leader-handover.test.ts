import { expect } from 'chai';

import type { HistoryEvent, StateEvent } from '../model/history.ts';
import { leaderHandover, leaderHandoverGuarantee } from './leader-handover.ts';
import { fault, history, recorderGap, state } from './testing/histories.ts';

type Given = Parameters<typeof leaderHandover>[0];

const said = (events: readonly HistoryEvent[], given: Given = {}): string => {
  const spec = leaderHandover(given);
  const verdict = leaderHandoverGuarantee.judge(events, leaderHandoverGuarantee.params(spec.params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

const startedAt = Date.parse('2026-01-01T00:00:00Z');
/** The time of a clock that runs with the recorder's. */
const wall = (ms: number): string => `${new Date(startedAt + ms).toISOString().slice(0, -1)}000Z`;

interface Written {
  readonly transitions?: number;
  /** By the writer's own clock. */
  readonly renewMs?: number;
  readonly acquireMs?: number;
  readonly durationSeconds?: number | null;
}

/** The lease as that holder wrote it then, seen 20 ms later. */
function lease(holder: string, writtenMs: number, given: Written = {}, name = 'kube-scheduler'): StateEvent {
  const { transitions = 0, renewMs = writtenMs, acquireMs = 0, durationSeconds = 15 } = given;
  const value = { holder, renewTime: wall(renewMs), acquireTime: wall(acquireMs), transitions, durationSeconds };
  return state('Lease', name, writtenMs + 20, value, { namespace: 'kube-system' });
}

/** Renewals by one holder every 2 s. */
const held = (holder: string, fromMs: number, toMs: number, given: Written = {}): StateEvent[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / 2_000) + 1 }, (_, n) => lease(holder, fromMs + n * 2_000, given));
const taken = (holder: string, atMs: number, given: Written = {}): StateEvent[] => [
  lease(holder, atMs, { acquireMs: atMs, transitions: 1, ...given }),
  ...held(holder, atMs + 2_000, 60_000, { transitions: 1, acquireMs: atMs }),
];
const end: HistoryEvent[] = [{ kind: 'phase', atMs: 60_000, phase: 'drain', state: 'started' }];
const run = (...events: StateEvent[][]): HistoryEvent[] => history(fault(), events.flat(), end);

const opening = (under = '30s'): string =>
  `violated: violated leader-handover(${under}, kube-*) - no lease kube-* passes to a new holder before the time of the last one is over, and none is without a renewal for more than ${under.replace('s', ' s')}; measured: `;

const rows: readonly { what: string; events: HistoryEvent[]; given?: Given; says: string }[] = [
  {
    what: 'a holder that stays',
    events: run(held('cp1', 0, 60_000)),
    says: 'held: kube-system/kube-scheduler 0 handovers, longest without a renewal 2.00 s, valid for 15.0 s',
  },
  {
    what: 'a handover when the time of the old holder is over',
    events: run(held('cp1', 0, 12_000), taken('cp2', 28_000)),
    says: 'held: kube-system/kube-scheduler 1 handover, longest without a renewal 16.0 s, valid for 15.0 s',
  },
  {
    what: 'a handover to the millisecond, which is within the resolution',
    events: run(held('cp1', 0, 12_000), taken('cp2', 26_950)),
    says: 'held: kube-system/kube-scheduler 1 handover, longest without a renewal 14.9 s, valid for 15.0 s',
  },
  {
    what: 'a lease that is taken too early',
    events: run(held('cp1', 0, 12_000), taken('cp2', 14_000)),
    says: `${opening()}kube-system/kube-scheduler passed from cp1 to cp2 4.02 s after the injection, 2.00 s after its last renewal, which gave it 15.0 s, without a release`,
  },
  {
    what: 'a lease that is given back',
    events: run(held('cp1', 0, 12_000), [lease('', 13_000, { durationSeconds: 1 })], taken('cp2', 14_000)),
    says: 'held: kube-system/kube-scheduler 1 handover, longest without a renewal 2.00 s, valid for 15.0 s',
  },
  {
    what: 'a lease that is deleted under its holder',
    events: run(
      held('cp1', 0, 12_000),
      [{ ...lease('cp1', 13_000), change: 'deleted' }],
      taken('cp2', 14_000, { transitions: 0 }),
    ),
    says: `${opening()}kube-system/kube-scheduler passed from cp1 to cp2 4.02 s after the injection, 2.00 s after its last renewal, which gave it 15.0 s, without a release`,
  },
  {
    what: 'a new holder that comes too late',
    events: run(held('cp1', 0, 12_000), taken('cp2', 32_000)),
    given: { under: '18s' },
    says: `${opening('18s')}kube-system/kube-scheduler was not renewed for 20.0 s from 2.02 s after the injection on until cp2 took it`,
  },
  {
    what: 'a lease that nobody takes any more',
    events: run(held('cp1', 0, 12_000)),
    says: `${opening()}kube-system/kube-scheduler was not renewed for 48.0 s from 2.02 s after the injection on until the recording ended`,
  },
  {
    what: 'a holder with a clock of its own',
    events: run(held('cp1', 0, 12_000), taken('cp2', 28_000, { acquireMs: 20_000, renewMs: 20_000 })),
    says: 'unknown: the handover of kube-system/kube-scheduler from cp1 to cp2 was 8.00 s to 16.0 s after the last renewal by the clocks of the holders and of the recorder, and the lease is valid for 15.0 s',
  },
  {
    what: 'holders that were not seen',
    events: run(held('cp1', 0, 12_000), taken('cp2', 28_000, { transitions: 2 })),
    says: 'unknown: kube-system/kube-scheduler had 1 holder that the recorder did not see',
  },
  {
    what: 'a lease that does not say for how long it is valid',
    events: run(held('cp1', 0, 12_000, { durationSeconds: null }), taken('cp2', 28_000)),
    says: 'unknown: the handover of kube-system/kube-scheduler from cp1 to cp2: the lease does not say for how long it is valid',
  },
  {
    what: 'heartbeats of nodes, which are no elections',
    events: history(fault(), [{ ...lease('w1', 0, {}, 'kube-1'), namespace: 'kube-node-lease' }], end),
    says: 'unknown: no lease kube-* was recorded',
  },
  {
    what: 'another lease than the one that is meant',
    events: run(held('cp1', 0, 12_000), taken('cp2', 14_000)),
    given: { lease: 'kube-controller-manager' },
    says: 'unknown: no lease kube-controller-manager was recorded',
  },
  {
    what: 'a blind recorder',
    events: [...run(held('cp1', 0, 12_000), taken('cp2', 14_000)), recorderGap('Lease', 12_500, 13_500)],
    says: 'unknown: the probe recorder/Lease was blind for 1.00 s, 2.50 s after the injection: the watch broke',
  },
  {
    what: 'a handover that was seen before a blind time',
    events: [...run(held('cp1', 0, 12_000), taken('cp2', 14_000)), recorderGap('Lease', 22_000, 23_000)],
    says: `${opening()}kube-system/kube-scheduler passed from cp1 to cp2 4.02 s after the injection, 2.00 s after its last renewal, which gave it 15.0 s, without a release`,
  },
];

describe('leader-handover', () => {
  for (const { what, events, given, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(events, given)).to.equal(says);
    });
  }

  it('lets a stall of the harness widen what its recorder saw, and nothing else', () => {
    const stall: HistoryEvent = { kind: 'gap', probe: 'harness', startMs: 27_000, endMs: 28_020, because: 'it stood' };
    const written = { acquireMs: 27_100, renewMs: 27_100 };
    expect(said([...run(held('cp1', 0, 12_000), taken('cp2', 28_000, written)), stall])).to.match(/^held: /);
    expect(said(run(held('cp1', 0, 12_000), taken('cp2', 28_000, { acquireMs: 26_000 })))).to.match(/^unknown: /);
  });
});
