import { expect } from 'chai';

import type { GuaranteeSpec } from '../model/guarantee.ts';
import type { HistoryEvent, OpEvent } from '../model/history.ts';
import { appendOrder } from './append-order.ts';
import { guarantees } from './index.ts';
import { linearizable } from './linearizable.ts';
import { rpo } from './rpo.ts';
import { setComplete } from './set-complete.ts';
import { fault, history, write } from './testing/histories.ts';

function said(events: readonly HistoryEvent[], spec: GuaranteeSpec): string {
  const guarantee = guarantees.find(({ name }) => name === spec.guarantee);
  const verdict = guarantee?.judge(events, guarantee.params(spec.params));
  return `${String(verdict?.status)}: ${String(verdict?.status === 'held' ? verdict.measured : verdict?.because)}`;
}

const add = (value: string, startMs: number, given: Partial<OpEvent> = {}): OpEvent =>
  write('s', startMs, { action: 'add', value, ...given });
const append = (value: string, startMs: number, given: Partial<OpEvent> = {}): OpEvent =>
  write('s', startMs, { action: 'append', value, ...given });
const reads = (value: readonly string[] | null, startMs = 25_000, given: Partial<OpEvent> = {}): OpEvent =>
  write('s', startMs, { action: 'read', value, client: 'reader', ...given });

/** Four adds, of which the third has no answer and the fourth was refused. */
const adds = [
  add('a', 8_000),
  add('b', 11_000),
  add('c', 12_000, { outcome: 'unknown' }),
  add('d', 13_000, { outcome: 'failed' }),
];
const appends = adds.map((one): OpEvent => ({ ...one, action: 'append' }));
const setPromise =
  'violated set-complete() - every element whose add was acknowledged is in the set after recovery, once, and nothing else is; measured: ';
const listPromise =
  'violated append-order() - every read of a list shows a beginning of one order, in which each append that was acknowledged has its place from then on, once; measured: ';

const rows: readonly [string, HistoryEvent[], GuaranteeSpec, string][] = [
  [
    'all there',
    history(fault(), adds, [reads(['b', 'a'])]),
    setComplete(),
    'held: 0 lost, 0 stale, 0 resurrected, 0 unexpected, 0 duplicated of 2 acknowledged adds to 1 set, 1 without an answer (either is right); 1 final read',
  ],
  [
    'one without an answer there as well',
    history(fault(), adds, [reads(['c', 'b', 'a'])]),
    setComplete(),
    'held: 0 lost, 0 stale, 0 resurrected, 0 unexpected, 0 duplicated of 2 acknowledged adds to 1 set, 1 without an answer (either is right); 1 final read',
  ],
  [
    'one lost',
    history(fault(), adds, [reads(['b'])]),
    setComplete(),
    `violated: ${setPromise}1 lost, 0 stale, 0 resurrected, 0 unexpected, 0 duplicated of 2 acknowledged adds to 1 set, 1 without an answer (either is right); 1 final read; the first: "a" of s is lost`,
  ],
  [
    'all lost',
    history(fault(), adds, [reads(null)]),
    setComplete(),
    `violated: ${setPromise}2 lost, 0 stale, 0 resurrected, 0 unexpected, 0 duplicated of 2 acknowledged adds to 1 set, 1 without an answer (either is right); 1 final read; the first: "a" of s is lost`,
  ],
  [
    'a refused one, a stranger, a double, and one that only one reader sees',
    history(fault(), adds, [reads(['a', 'b', 'd', 'x', 'b']), reads(['b'], 26_000)]),
    setComplete(),
    `violated: ${setPromise}0 lost, 1 stale, 1 resurrected, 1 unexpected, 1 duplicated of 2 acknowledged adds to 1 set, 1 without an answer (either is right); 2 final reads; the first: "d" of s is resurrected`,
  ],
  [
    'an element of a writer that died before it could tell',
    history(fault(), adds, [
      reads(['a', 'b', 'x']),
      { kind: 'gap', probe: 'ledger', startMs: 14_000, endMs: 24_000, because: 'the writer ended with exit code 137' },
    ]),
    setComplete(),
    'unknown: the probe ledger was blind for 10.0 s, 4.00 s after the injection: the writer ended with exit code 137',
  ],
  [
    'no read at the end',
    history(fault(), adds, [reads(['a', 'b'], 15_000)]),
    setComplete(),
    'unknown: the set s was not read back after the recovery',
  ],
  [
    'nothing at stake',
    history(fault(), adds.slice(1), [reads(['b'])]),
    setComplete(),
    'unknown: no add to the set s was acknowledged in the 10 s before the fault, so nothing was at stake',
  ],
  ['no set', history(fault(), appends), setComplete(), 'unknown: the history has no add through a target *'],
  [
    'reads that grow',
    history(fault(), appends, [reads(['a'], 9_000), reads(['a', 'b'], 14_000), reads(['a', 'b', 'c'])]),
    appendOrder(),
    'held: 0 lost, 0 stale, 0 resurrected, 0 unexpected, 0 duplicated, 0 reordered of 2 acknowledged appends to 1 list, 1 without an answer (either is right); 1 final read',
  ],
  [
    'two orders',
    history(fault(), appends, [append('e', 11_001), reads(['a', 'b', 'e'], 15_000), reads(['a', 'e', 'b'])]),
    appendOrder(),
    `violated: ${listPromise}0 lost, 0 stale, 0 resurrected, 0 unexpected, 0 duplicated, 1 reordered of 3 acknowledged appends to 1 list, 1 without an answer (either is right); 1 final read; the first: "e" of s is reordered`,
  ],
  [
    'an order against time',
    history(fault(), appends, [reads(['b', 'a'])]),
    appendOrder(),
    `violated: ${listPromise}0 lost, 0 stale, 0 resurrected, 0 unexpected, 0 duplicated, 1 reordered of 2 acknowledged appends to 1 list, 1 without an answer (either is right); 1 final read; the first: "a" of s is reordered`,
  ],
  [
    'a read that goes back',
    history(fault(), appends, [reads(['a', 'b'], 14_000), reads(['a'], 15_000), reads(['a', 'b'])]),
    appendOrder(),
    `violated: ${listPromise}0 lost, 1 stale, 0 resurrected, 0 unexpected, 0 duplicated, 0 reordered of 2 acknowledged appends to 1 list, 1 without an answer (either is right); 1 final read; the first: "b" of s is stale`,
  ],
  [
    'the end cut off',
    history(fault(), appends, [reads(['a', 'b'], 14_000), reads(['a'])]),
    appendOrder(),
    `violated: ${listPromise}1 lost, 0 stale, 0 resurrected, 0 unexpected, 0 duplicated, 0 reordered of 2 acknowledged appends to 1 list, 1 without an answer (either is right); 1 final read; the first: "b" of s is lost`,
  ],
];

describe('the judges of sets and lists', () => {
  for (const [what, events, spec, says] of rows)
    it(`${spec.guarantee} says what it makes of ${what}`, () => {
      expect(said(events, spec)).to.equal(says);
    });

  it('leave registers to others, and others leave collections to them', () => {
    const events = history(fault(), adds, [reads(['a', 'b'])]);
    expect(said(events, rpo({ lost: 0 }))).to.equal('unknown: the history has no write through a target *');
    expect(said(events, linearizable())).to.equal('unknown: the history has no write through a target *');
  });
});
