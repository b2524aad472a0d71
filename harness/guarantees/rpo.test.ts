import { expect } from 'chai';

import type { HistoryEvent, OpEvent } from '../model/history.ts';
import { rpo, rpoGuarantee } from './rpo.ts';
import { fault, history, read, write } from './testing/histories.ts';

const said = (events: readonly HistoryEvent[], given: Parameters<typeof rpo>[0] = { lost: 0 }): string => {
  const verdict = rpoGuarantee.judge(events, rpoGuarantee.params(rpo(given).params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

/** Two writes before the fault and two after it, all read back as they are, but for what is given. */
const run = (...extra: HistoryEvent[]): HistoryEvent[] => {
  const base: OpEvent[] = [
    write('a', 8_000),
    write('b', 9_900),
    write('c', 11_000),
    write('d', 19_000),
    ...['a', 'b', 'c', 'd'].map((key) => read(key)),
  ];
  const replaced = (event: OpEvent): boolean =>
    extra.some((one) => one.kind === 'op' && one.key === event.key && one.action === event.action);
  return history(
    fault(),
    base.filter((event) => !replaced(event)),
    extra,
  );
};

const rows: readonly { what: string; events: HistoryEvent[]; given?: Parameters<typeof rpo>[0]; says: string }[] = [
  {
    what: 'everything there',
    events: run(),
    says: 'held: 0 of 4 acknowledged writes through api-ha lost; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 4 final reads',
  },
  {
    what: 'one lost',
    events: run(read('b', { value: null })),
    says: 'violated: violated rpo(lost 0) - no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery; measured: 1 of 4 acknowledged writes through api-ha lost, acknowledged 95 ms before the injection; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 4 final reads',
  },
  {
    what: 'one lost where one may be',
    events: run(read('b', { value: null })),
    given: { lost: 1 },
    says: 'held: 1 of 4 acknowledged writes through api-ha lost, acknowledged 95 ms before the injection; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 4 final reads',
  },
  {
    what: 'one lost that was young enough',
    events: run(read('b', { value: null })),
    given: { lost: 0, within: '1s' },
    says: 'held: 1 of 4 acknowledged writes through api-ha lost, acknowledged 95 ms before the injection; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 4 final reads',
  },
  {
    what: 'two lost of which one was too old',
    events: run(read('a', { value: null }), read('b', { value: null })),
    given: { lost: 0, within: '1s' },
    says: 'violated: violated rpo(lost 0, within 1s) - no acknowledged write more than 1 s before an injection is lost, and none is doubled, stale or back from the dead after recovery; measured: 2 of 4 acknowledged writes through api-ha lost, acknowledged from 2.00 s before the injection to 95 ms before the injection; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 4 final reads',
  },
  {
    what: 'one that only some targets show',
    events: run(read('b'), read('b', { target: 'api-cp1', value: null })),
    says: 'violated: violated rpo(lost 0) - no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery; measured: 0 of 4 acknowledged writes through api-ha lost; 0 duplicated, 1 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 5 final reads',
  },
  {
    what: 'one that was refused and is there',
    events: run(write('e', 12_000, { outcome: 'failed' }), read('e')),
    says: 'violated: violated rpo(lost 0) - no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery; measured: 0 of 4 acknowledged writes through api-ha lost; 0 duplicated, 0 stale, 1 resurrected, 0 unexpected; 0 writes without an answer (either is right); 5 final reads',
  },
  {
    what: 'one that was deleted and is back',
    events: run(write('e', 9_000), write('e', 9_500, { value: null }), read('e')),
    says: 'violated: violated rpo(lost 0) - no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery; measured: 0 of 6 acknowledged writes through api-ha lost; 0 duplicated, 0 stale, 1 resurrected, 0 unexpected; 0 writes without an answer (either is right); 5 final reads',
  },
  {
    what: 'one that was deleted and is gone',
    events: run(write('e', 9_000), write('e', 9_500, { value: null }), read('e', { value: null })),
    says: 'held: 0 of 6 acknowledged writes through api-ha lost; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 5 final reads',
  },
  {
    what: 'one under the key of another',
    events: run(read('b', { value: 'id-a' })),
    says: 'violated: violated rpo(lost 0) - no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery; measured: 0 of 4 acknowledged writes through api-ha lost; 1 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 4 final reads',
  },
  {
    what: 'one twice in a list',
    events: run(write('e', 12_000), read('e', { value: ['x', 'y', 'x'] })),
    says: 'violated: violated rpo(lost 0) - no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery; measured: 0 of 5 acknowledged writes through api-ha lost; 1 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 5 final reads',
  },
  {
    what: 'a value that nobody wrote',
    events: run(read('b', { value: 'id-z' })),
    says: 'violated: violated rpo(lost 0) - no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery; measured: 0 of 4 acknowledged writes through api-ha lost; 0 duplicated, 0 stale, 0 resurrected, 1 unexpected; 0 writes without an answer (either is right); 4 final reads',
  },
  {
    what: 'an overwritten value',
    events: run(write('e', 9_000, { value: 1 }), write('e', 9_500, { value: 2 }), read('e', { value: 1 })),
    says: 'violated: violated rpo(lost 0) - no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery; measured: 1 of 6 acknowledged writes through api-ha lost, acknowledged 495 ms before the injection; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 5 final reads',
  },
  {
    what: 'writes without an answer, there and not there',
    events: run(
      write('e', 12_000, { outcome: 'unknown' }),
      read('e'),
      write('f', 12_000, { outcome: 'unknown' }),
      read('f', { value: null }),
    ),
    says: 'held: 0 of 4 acknowledged writes through api-ha lost; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 2 writes without an answer (either is right); 6 final reads',
  },
  {
    what: 'a write without an answer over an acknowledged one',
    events: run(
      write('e', 9_000, { value: 1 }),
      write('e', 10_050, { value: 2, outcome: 'unknown' }),
      read('e', { value: 1 }),
      read('e', { value: 2, target: 'api-cp1' }),
    ),
    says: 'held: 0 of 5 acknowledged writes through api-ha lost; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 1 write without an answer (either is right); 6 final reads',
  },
  {
    what: 'one that could not be read back',
    events: run(read('b', { outcome: 'failed', error: 'timeout' })),
    says: 'unknown: 1 acknowledged write could not be read back and may be lost',
  },
  {
    what: 'reads from before the heal alone',
    events: history(fault(), [write('a', 8_000), read('a', { startMs: 12_000, endMs: 12_005 })]),
    says: 'unknown: nothing was read back after the recovery',
  },
  {
    what: 'reads that all failed',
    events: history(fault(), [write('a', 8_000), read('a', { outcome: 'failed' })]),
    says: 'unknown: none of 1 final read succeeded',
  },
  {
    what: 'no write before the fault',
    events: history(fault(), [write('a', 12_000), read('a')]),
    says: 'unknown: no write was acknowledged in the 10 s before the fault, so none was at stake',
  },
  {
    what: 'no acknowledged write',
    events: history(fault(), [write('a', 8_000, { outcome: 'unknown' }), read('a')]),
    says: 'unknown: no write was acknowledged, so none could be lost',
  },
  {
    what: 'no write through the target',
    events: run(),
    given: { lost: 0, target: 'etcd-*' },
    says: 'unknown: the history has no write through a target etcd-*',
  },
  {
    what: 'a writer that died',
    events: run({
      kind: 'gap',
      probe: 'ledger',
      startMs: 19_500,
      endMs: 20_500,
      because: 'the writer ended with exit code 1',
    }),
    says: 'unknown: the probe ledger was blind for 1.00 s, 9.50 s after the injection: the writer ended with exit code 1',
  },
  {
    what: 'a target whose clients all wait, which is no blindness',
    events: run({ kind: 'gap', probe: 'ledger', startMs: 12_000, endMs: 12_100, because: 'every client waits' }),
    says: 'held: 0 of 4 acknowledged writes through api-ha lost; 0 duplicated, 0 stale, 0 resurrected, 0 unexpected; 0 writes without an answer (either is right); 4 final reads',
  },
];

describe('rpo', () => {
  for (const { what, events, given, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(events, given)).to.equal(says);
    });
  }
});
