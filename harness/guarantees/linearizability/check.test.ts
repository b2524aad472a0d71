import { expect } from 'chai';
import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

import type { Random } from '../../model/fault.ts';
import type { OpEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import { checkLinearizability } from './check.ts';
import { randomHistory, withWrongRead } from './random-history.ts';
import { describeConflict } from './sentences.ts';

const limit = 200_000;

interface Line {
  readonly by?: string;
  readonly at: readonly [startMs: number, endMs: number];
  readonly key?: string;
  readonly outcome?: OpEvent['outcome'];
}
const op = (action: OpEvent['action'], value: Json, { by = 'c1', at, key = 'x', outcome = 'ok' }: Line): OpEvent => ({
  kind: 'op',
  client: by,
  target: 'store',
  action,
  key,
  value,
  startMs: at[0],
  endMs: at[1],
  outcome,
});
const write = (value: Json, line: Line): OpEvent => op('write', value, line);
const read = (value: Json, line: Line): OpEvent => op('read', value, line);
const cas = (expected: Json, value: Json, line: Line): OpEvent => ({ ...op('cas', value, line), expected });

const fine = 'every key has an order';
function said(events: readonly OpEvent[], most = limit): string {
  const { illegal, undecided } = checkLinearizability(events, most);
  if (undecided.length > 0) return `undecided: ${undecided.map(({ key }) => key).join()}`;
  return (
    illegal.map(({ key, conflict }) => (conflict === null ? key : describeConflict(key, conflict))).join('; ') || fine
  );
}

const unknown = 'unknown' as const;
const rows: readonly (readonly [what: string, events: readonly OpEvent[], says: string])[] = [
  ['nothing', [], fine],
  ['a read of what was never written', [read(null, { at: [0, 10] })], fine],
  [
    'a read of the value before, while a write is under way',
    [
      write(1, { at: [0, 10] }),
      write(2, { at: [20, 60] }),
      read(1, { by: 'c2', at: [30, 40] }),
      read(2, { by: 'c3', at: [45, 50] }),
    ],
    fine,
  ],
  [
    'a read that turns back',
    [
      write(1, { at: [0, 10] }),
      write(2, { at: [20, 60] }),
      read(2, { by: 'c2', at: [30, 40] }),
      read(1, { by: 'c3', at: [45, 50] }),
    ],
    'key x: the read of 1 by c3 (0.045 s to 0.050 s) fits no order with the write of 1 by c1 (0.000 s to 0.010 s), the read of 2 by c2 (0.030 s to 0.040 s)',
  ],
  [
    'a stale read',
    [write(1, { at: [0, 10] }), write(2, { at: [20, 30] }), read(1, { by: 'c2', at: [40, 50] })],
    'key x: the read of 1 by c2 (0.040 s to 0.050 s) fits no order with the write of 1 by c1 (0.000 s to 0.010 s), the write of 2 by c1 (0.020 s to 0.030 s)',
  ],
  [
    'operations that touch are concurrent',
    [write(1, { at: [0, 10] }), write(2, { at: [20, 30] }), read(1, { by: 'c2', at: [30, 40] })],
    fine,
  ],
  [
    'a lost acknowledged write',
    [write(1, { at: [0, 10] }), read(null, { by: 'c2', at: [20, 30] })],
    'key x: the read of nothing by c2 (0.020 s to 0.030 s) fits no order with the write of 1 by c1 (0.000 s to 0.010 s)',
  ],
  [
    'a lost update: two clients found the same and both replaced it',
    [
      write(1, { at: [0, 10] }),
      cas(1, 2, { by: 'c1', at: [20, 40] }),
      cas(1, 3, { by: 'c2', at: [25, 45] }),
      read(3, { by: 'c3', at: [50, 60] }),
    ],
    'key x: the cas from 1 to 3 by c2 (0.025 s to 0.045 s) fits no order with the cas from 1 to 2 by c1 (0.020 s to 0.040 s)',
  ],
  [
    'the same cas acknowledged twice',
    [write(1, { at: [0, 10] }), cas(1, 2, { at: [20, 30] }), cas(1, 2, { by: 'c2', at: [40, 50] })],
    'key x: the cas from 1 to 2 by c2 (0.040 s to 0.050 s) fits no order with the cas from 1 to 2 by c1 (0.020 s to 0.030 s)',
  ],
  [
    'a value that nobody wrote',
    [write(1, { at: [0, 10] }), read(9, { by: 'c2', at: [20, 30] })],
    'key x: the read of 9 by c2 (0.020 s to 0.030 s) fits no order: no operation until then can have made the value that it found',
  ],
  [
    'a value from the future',
    [read(1, { by: 'c2', at: [0, 10] }), write(1, { at: [20, 30] })],
    'key x: the read of 1 by c2 (0.000 s to 0.010 s) fits no order: no operation until then can have made the value that it found',
  ],
  [
    'an indeterminate write that took effect late',
    [
      write(1, { at: [0, 10] }),
      write(2, { by: 'c2', at: [20, 30], outcome: unknown }),
      read(1, { by: 'c3', at: [40, 50] }),
      read(2, { by: 'c3', at: [60, 70] }),
    ],
    fine,
  ],
  [
    'an indeterminate write that never took effect',
    [
      write(1, { at: [0, 10] }),
      write(2, { by: 'c2', at: [20, 30], outcome: unknown }),
      read(1, { by: 'c3', at: [40, 50] }),
    ],
    fine,
  ],
  [
    'an indeterminate write that took effect twice',
    [
      write(2, { by: 'c2', at: [0, 5], outcome: unknown }),
      read(2, { by: 'c3', at: [10, 20] }),
      write(1, { at: [30, 40] }),
      read(2, { by: 'c3', at: [50, 60] }),
    ],
    'key x: the read of 2 by c3 (0.050 s to 0.060 s) fits no order with the read of 2 by c3 (0.010 s to 0.020 s), the write of 1 by c1 (0.030 s to 0.040 s)',
  ],
  [
    'two indeterminate writes of one value, each seen once',
    [
      write(2, { by: 'c2', at: [0, 5], outcome: unknown }),
      write(2, { by: 'c4', at: [0, 5], outcome: unknown }),
      read(2, { by: 'c3', at: [10, 20] }),
      write(1, { at: [30, 40] }),
      read(2, { by: 'c3', at: [50, 60] }),
    ],
    fine,
  ],
  [
    'indeterminate operations that lead to each other',
    [
      cas(1, 2, { by: 'c2', at: [0, 5], outcome: unknown }),
      cas(null, 1, { by: 'c4', at: [6, 9], outcome: unknown }),
      read(2, { by: 'c3', at: [10, 20] }),
    ],
    fine,
  ],
  [
    'a failed write that is there all the same',
    [write(1, { at: [0, 10] }), write(2, { at: [20, 30], outcome: 'failed' }), read(2, { by: 'c2', at: [40, 50] })],
    'key x: the read of 2 by c2 (0.040 s to 0.050 s) fits no order: no operation until then can have made the value that it found',
  ],
  [
    'equal objects, whatever the order of their fields',
    [write({ a: 1, b: 2 }, { at: [0, 10] }), read({ b: 2, a: 1 }, { by: 'c2', at: [20, 30] })],
    fine,
  ],
  [
    'one bad key among good ones',
    [
      write(1, { key: 'good', at: [0, 10] }),
      write(1, { key: 'bad', at: [0, 10] }),
      read(1, { key: 'good', at: [20, 30] }),
      read(null, { key: 'bad', at: [40, 50] }),
    ],
    'key bad: the read of nothing by c1 (0.040 s to 0.050 s) fits no order with the write of 1 by c1 (0.000 s to 0.010 s)',
  ],
];

function randomOf(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const below = (most: number): number => uniformInt(generator, 0, most - 1);
  return {
    below,
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
    sample: () => {
      throw new Error('not used');
    },
    fork: () => randomOf(below(1_000_000)),
  };
}

const shapes = fc.record({
  operations: fc.integer({ min: 1, max: 60 }),
  clients: fc.integer({ min: 1, max: 8 }),
  keys: fc.integer({ min: 1, max: 3 }),
  values: fc.option(fc.integer({ min: 1, max: 4 })),
  unknownPercent: fc.integer({ min: 0, max: 40 }),
});

describe('the linearizability of registers', () => {
  for (const [what, events, says] of rows) {
    it(`${says === fine ? 'orders' : 'finds'}: ${what}`, () => {
      expect(said(events)).to.equal(says);
      expect(said(events.toReversed()), 'whatever the order in the file').to.equal(says);
    });
  }

  it('orders whatever a true register answers', () => {
    const property = fc.property(fc.integer(), shapes, (seed, shape) => {
      expect(said(randomHistory(randomOf(seed), shape))).to.equal(fine);
    });
    fc.assert(property, { numRuns: 300, seed: 1 });
  });

  it('finds an answer that was changed to what was never written', () => {
    const property = fc.property(fc.integer(), shapes, (seed, shape) => {
      const history = randomHistory(randomOf(seed), shape);
      const wrong = withWrongRead(randomOf(seed), history, 'never written');
      const isChanged = wrong.some(({ value }) => value === 'never written');
      expect(said(wrong) === fine).to.equal(!isChanged);
    });
    fc.assert(property, { numRuns: 300, seed: 1 });
  });

  it('finds a read of what two later writes had replaced, in any history of new values', () => {
    const property = fc.property(fc.integer(), shapes, (seed, shape) => {
      const history = randomHistory(randomOf(seed), { ...shape, values: null });
      const end = Math.max(...history.map(({ endMs }) => endMs));
      const after = (n: number): readonly [number, number] => [end + 1_000 * n, end + 1_000 * n + 500];
      const more = [
        write('a', { key: 'k0', at: after(1) }),
        write('b', { key: 'k0', at: after(2) }),
        read('a', { key: 'k0', at: after(3) }),
      ];
      expect(said([...history, ...more])).to.match(/^key k0: the read of "a" by c1 .* fits no order with /);
    });
    fc.assert(property, { numRuns: 100, seed: 1 });
  });

  it('is undecided at its limit, at the same step each time', () => {
    const shape = { operations: 300, clients: 12, keys: 1, values: 3, unknownPercent: 10 };
    const history = randomHistory(randomOf(7), shape);
    const hard = [
      ...history,
      write('a', { key: 'k0', at: [90_000, 90_001] }),
      write('b', { key: 'k0', at: [90_002, 90_003] }),
      read('a', { key: 'k0', at: [90_004, 90_005] }),
    ];
    expect(said(hard, 200)).to.equal('undecided: k0');
    expect(checkLinearizability(hard, 200)).to.deep.equal(checkLinearizability(hard, 200));
  });
});
