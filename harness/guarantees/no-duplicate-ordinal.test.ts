import { expect } from 'chai';

import type { HistoryEvent, StateEvent } from '../model/history.ts';
import { noDuplicateOrdinal, noDuplicateOrdinalGuarantee } from './no-duplicate-ordinal.ts';
import { fault, history, pod, recorderGap } from './testing/histories.ts';

const said = (events: readonly HistoryEvent[], statefulSet?: string): string => {
  const spec = noDuplicateOrdinal(statefulSet === undefined ? {} : { statefulSet });
  const verdict = noDuplicateOrdinalGuarantee.judge(events, noDuplicateOrdinalGuarantee.params(spec.params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

/** One incarnation of db-0. */
const db = (
  uid: string,
  on: string | null,
  atMs: number,
  given: Parameters<typeof pod>[3] = {},
  change: StateEvent['change'] = 'modified',
): StateEvent => ({ ...pod('db-0', on, atMs, { ownerKind: 'StatefulSet', ownerName: 'db', ...given }, change), uid });
const run = (...then: StateEvent[]): HistoryEvent[] => history(fault(), [db('old', 'w1', 100), ...then]);

const going = { deletionTimestamp: '2026-01-01T00:00:00Z', ready: false };
const ended = { ...going, phase: 'Succeeded' };
const opening =
  'violated: violated no-duplicate-ordinal() - no pod of a StatefulSet is given a node before the one of the same ordinal is known to have ended; measured: ';

const rows: readonly { what: string; events: HistoryEvent[]; set?: string; says: string }[] = [
  {
    what: 'a pod that is never replaced',
    events: run(),
    says: 'held: 1 ordinal, 0 pods replaced, each after the one before it was known to have ended',
  },
  {
    what: 'a replacement after the kubelet said that the pod had ended',
    events: run(
      db('old', 'w1', 11_000, going),
      db('old', 'w1', 12_000, ended),
      db('old', 'w1', 12_001, ended, 'deleted'),
      db('new', null, 12_002, { phase: 'Pending', ready: false }),
      db('new', 'w2', 12_003, { phase: 'Pending', ready: false }),
    ),
    says: 'held: 1 ordinal, 1 pod replaced, each after the one before it was known to have ended',
  },
  {
    what: 'a pod of which every container was seen to have stopped',
    events: run(
      db('old', 'w1', 12_000, { ...going, containers: [{ name: 'db', restarts: 0, state: 'terminated' }] }, 'deleted'),
      db('new', 'w2', 12_002),
    ),
    says: 'held: 1 ordinal, 1 pod replaced, each after the one before it was known to have ended',
  },
  {
    what: 'a removal by force',
    events: run(
      db('old', 'w1', 11_000, going, 'deleted'),
      db('new', null, 11_010, { phase: 'Pending', ready: false }),
      db('new', 'w2', 11_500, { phase: 'Pending', ready: false }),
    ),
    says: `${opening}1 pod placed while another of the same ordinal may have run: db-0 (old) on w1 was removed from the API 1.00 s after the injection before its kubelet had said that it ended, and 500 ms later another db-0 (new) was placed on w2`,
  },
  {
    what: 'a removal by force that nothing followed',
    events: run(db('old', 'w1', 11_000, going, 'deleted'), db('new', null, 11_010, { phase: 'Pending', ready: false })),
    says: 'held: 1 ordinal, 1 pod replaced, each after the one before it was known to have ended',
  },
  {
    what: 'a removal by force of a pod that was never given a node',
    events: history(fault(), [
      db('old', null, 100, { phase: 'Pending', ready: false }),
      db('old', null, 11_000, { phase: 'Pending', ready: false }, 'deleted'),
      db('new', 'w2', 11_500),
    ]),
    says: 'held: 1 ordinal, 1 pod replaced, each after the one before it was known to have ended',
  },
  {
    what: 'two pods of one ordinal that are there at once',
    events: run(db('new', 'w2', 12_000)),
    says: `${opening}1 pod placed while another of the same ordinal may have run: db-0 (old) on w1 was still there 2.00 s after the injection when another db-0 (new) was placed on w2`,
  },
  {
    what: 'one removal by force, however often the ordinal is replaced after it',
    events: run(
      db('old', 'w1', 11_000, going, 'deleted'),
      db('new', 'w2', 11_500),
      db('new', 'w2', 12_000, ended, 'deleted'),
      db('newer', 'w2', 13_000),
    ),
    says: `${opening}1 pod placed while another of the same ordinal may have run: db-0 (old) on w1 was removed from the API 1.00 s after the injection before its kubelet had said that it ended, and 500 ms later another db-0 (new) was placed on w2`,
  },
  {
    what: 'a removal by force before the fault',
    events: run(db('old', 'w1', 5_000, going, 'deleted'), db('new', 'w2', 9_999)),
    says: 'held: 1 ordinal, 0 pods replaced, each after the one before it was known to have ended',
  },
  {
    what: 'pods that have no ordinals',
    events: history(fault(), [pod('web-a', 'w1', 100), pod('web-a', 'w1', 11_000, going, 'deleted')]),
    says: 'unknown: no pod of a StatefulSet was recorded',
  },
  {
    what: 'another StatefulSet',
    events: run(db('old', 'w1', 11_000, going, 'deleted'), db('new', 'w2', 11_500)),
    set: 'ledger',
    says: 'unknown: no pod of a StatefulSet ledger was recorded',
  },
  {
    what: 'a pod that vanished in a blind time',
    events: [
      ...run(db('old', 'w1', 12_000, {}, 'deleted'), db('new', 'w2', 12_000)),
      recorderGap('Pod', 11_000, 12_000),
    ],
    says: 'unknown: the probe recorder/Pod was blind for 1.00 s, 1.00 s after the injection: the watch broke',
  },
  {
    what: 'a duplicate that was seen before a blind time',
    events: [
      ...run(db('old', 'w1', 11_000, going, 'deleted'), db('new', 'w2', 11_500)),
      recorderGap('Pod', 15_000, 16_000),
    ],
    says: `${opening}1 pod placed while another of the same ordinal may have run: db-0 (old) on w1 was removed from the API 1.00 s after the injection before its kubelet had said that it ended, and 500 ms later another db-0 (new) was placed on w2`,
  },
];

describe('no-duplicate-ordinal', () => {
  for (const { what, events, set, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(events, set)).to.equal(says);
    });
  }
});
