import { expect } from 'chai';

import type { HistoryEvent, OpEvent } from '../model/history.ts';
import { linearizable, linearizableGuarantee } from './linearizable.ts';
import { fault, history } from './testing/histories.ts';

const op = (action: OpEvent['action'], key: string, value: number | null, at: number, more: Partial<OpEvent> = {}) =>
  ({
    kind: 'op',
    client: 'c1',
    target: 'api-ha',
    action,
    key,
    value,
    startMs: at,
    endMs: at + 20,
    outcome: 'ok',
    ...more,
  }) as const satisfies OpEvent;

const good: readonly HistoryEvent[] = history(fault(), [
  op('write', 'a', 1, 9_000),
  op('write', 'a', 2, 12_000, { outcome: 'unknown' }),
  op('read', 'a', 2, 21_000),
  op('write', 'b', 1, 13_000, { target: 'etcd-data' }),
  op('read', 'b', 1, 21_000, { target: 'etcd-data' }),
]);
const stale = [...good, op('write', 'a', 3, 22_000), op('read', 'a', 2, 23_000, { client: 'c2', target: 'api-cp1' })];

const said = (events: readonly HistoryEvent[], given: Parameters<typeof linearizable>[0] = {}): string => {
  const verdict = linearizableGuarantee.judge(events, linearizableGuarantee.params(linearizable(given).params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};
const withoutFault = good.filter(({ kind }) => kind !== 'fault');
const staleSentence =
  'key a: the read of 2 by c2 (23.000 s to 23.020 s) fits no order with the read of 2 by c1 (21.000 s to 21.020 s), the write of 3 by c1 (22.000 s to 22.020 s)';

const rows: readonly (readonly [
  what: string,
  events: readonly HistoryEvent[],
  given: Parameters<typeof linearizable>[0],
  says: string,
])[] = [
  ['an order', good, {}, 'held: 5 operations on 2 keys, 1 of them without an answer: all fit an order'],
  [
    'a stale read through another target than the write',
    stale,
    { target: 'api-ha' },
    `violated: violated linearizable(api-ha) - every operation on a key written through api-ha takes effect at one instant between its start and its answer; measured: 5 operations on 1 key, 1 of them without an answer: 1 key has no order; ${staleSentence}`,
  ],
  [
    'a bad key that was not written through the target',
    stale,
    { target: 'etcd-*' },
    'held: 2 operations on 1 key, 0 of them without an answer: all fit an order',
  ],
  [
    'a violation without a fault is one all the same',
    stale.filter(({ kind }) => kind !== 'fault'),
    {},
    `violated: violated linearizable - every operation on a key takes effect at one instant between its start and its answer; measured: 7 operations on 2 keys, 1 of them without an answer: 1 key has no order; ${staleSentence}`,
  ],
  ['no fault', withoutFault, {}, 'unknown: no fault was injected'],
  [
    'a fault that was not felt',
    history(fault({ feltMs: null }), withoutFault),
    {},
    'unknown: the fault 1-node-power-loss was injected but not felt: w1 still answers',
  ],
  ['no such target', good, { target: 'nfs' }, 'unknown: the history has no write through a target nfs'],
  [
    'writes alone',
    good.filter((event) => event.kind !== 'op' || event.action !== 'read'),
    {},
    'unknown: nothing that was written was read, so no answer could be wrong',
  ],
  [
    'a client that did not record',
    [...stale, { kind: 'gap', probe: 'client', startMs: 21_500, endMs: 21_900, because: 'the writer was restarted' }],
    {},
    'unknown: the probe client was blind for 400 ms, 11.5 s after the injection: the writer was restarted',
  ],
  [
    'a cas that does not say what it demanded',
    [...good, op('cas', 'a', 4, 25_000), op('read', 'a', 4, 26_000)],
    {},
    'unknown: 1 cas does not say what was demanded, so their part in the order is not known',
  ],
];

const waited = { kind: 'gap', probe: 'ledger', startMs: 12_000, endMs: 12_100, because: 'every client waits' } as const;

describe('linearizable', () => {
  it('misses nothing where a write was skipped because every client waited', () => {
    expect(said([...good, waited], {})).to.match(/^held: /);
    expect(said([...good, { ...waited, startMs: 90_000, endMs: 91_000 }], {})).to.match(/^unknown: the probe ledger/);
  });

  for (const [what, events, given, says] of rows) {
    it(`judges ${what}`, () => {
      expect(said(events, given)).to.equal(says);
    });
  }

  it('is unknown at its limit', () => {
    expect(said(stale, { limit: 1 })).to.equal(
      'unknown: the search stopped at its limit of 1 steps, on key a at the read of 2 by c1 (21.000 s to 21.020 s); no order was found or ruled out for 2 keys',
    );
  });

  it('shows the operations that contradict each other', () => {
    const verdict = linearizableGuarantee.judge(stale, linearizableGuarantee.params({}));
    const events = verdict.status === 'violated' ? verdict.evidence : [];
    expect(events.map((event) => event.kind === 'op' && [event.action, event.value])).to.deep.equal([
      ['read', 2],
      ['read', 2],
      ['write', 3],
    ]);
    expect(verdict.figures?.[0]).to.deep.equal({
      name: 'keys without an order',
      unit: 'count',
      lower: 1,
      upper: 1,
      limit: 0,
    });
  });

  it('refuses what it does not know', () => {
    expect(() => linearizable({ limit: 0 })).to.throw(
      'linearizable.limit: expected a whole number of at least 1, found 0',
    );
    expect(() => linearizableGuarantee.params({ key: 'x' })).to.throw(
      'linearizable.key: there is no such field; expected one of target, limit',
    );
  });
});
