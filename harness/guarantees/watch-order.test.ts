import { expect } from 'chai';

import type { HistoryEvent, OpEvent, WatchEvent } from '../model/history.ts';
import { fault, history, write } from './testing/histories.ts';
import { watchOrder, watchOrderGuarantee } from './watch-order.ts';

const said = (events: readonly HistoryEvent[], given: Parameters<typeof watchOrder>[0] = {}): string => {
  const verdict = watchOrderGuarantee.judge(events, watchOrderGuarantee.params(watchOrder(given).params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

/** A record each second from 1 s to 29 s, acknowledged 5 ms later, in version 101, 102 ... */
const writes: readonly OpEvent[] = Array.from({ length: 29 }, (_, index) =>
  write(`r${String(index + 1)}`, (index + 1) * 1_000, { target: 'api-cp1' }),
);

const event = (target: string, atMs: number, type: WatchEvent['type'], rest: Partial<WatchEvent> = {}): WatchEvent => {
  return { kind: 'watch', target, stream: 1, atMs, type, ...rest };
};
const list = (target: string, atMs: number, version = 100): WatchEvent =>
  event(target, atMs, 'list', { version: String(version) });
const open = (target: string, atMs: number, version = 100): WatchEvent =>
  event(target, atMs, 'opened', { version: String(version) });
/** Record `n` as its watch tells of it, 8 ms after the write began. */
const added = (target: string, n: number, atMs = n * 1_000 + 8): WatchEvent =>
  event(target, atMs, 'added', { key: `r${String(n)}`, version: String(100 + n) });
const bookmark = (target: string, atMs: number, n: number): WatchEvent =>
  event(target, atMs, 'bookmark', { version: String(100 + n) });

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const allOf = (target: string): WatchEvent[] => [
  list(target, 400),
  open(target, 500),
  ...numbers(1, 29).map((n) => added(target, n)),
  event(target, 35_000, 'ended'),
];

/** Everything told through two targets, but for what replaces the events of the second. */
const run = (of: (events: readonly WatchEvent[]) => readonly WatchEvent[] = (events) => events): HistoryEvent[] =>
  history(fault(), writes, allOf('api-ha'), of(allOf('api-cp1')));

const without = (wrong: (event: WatchEvent) => boolean) => (events: readonly WatchEvent[]) =>
  events.filter((one) => !wrong(one));
const isRecord =
  (...ns: readonly number[]) =>
  ({ key }: WatchEvent): boolean =>
    ns.some((n) => key === `r${String(n)}`);

/** The connection breaks after record `last` and is open again before record `next`, resumed from some version. */
const broken =
  (last: number, next: number, from: number, tellAgain: readonly WatchEvent[] = []) =>
  (events: readonly WatchEvent[]): readonly WatchEvent[] => [
    ...events.filter(({ atMs }) => atMs < last * 1_000 + 500),
    event('api-cp1', last * 1_000 + 500, 'closed', { detail: 'reset' }),
    open('api-cp1', next * 1_000 - 400, 100 + from),
    ...tellAgain,
    ...events.filter(({ atMs }) => atMs >= next * 1_000),
  ];

const rows: readonly {
  what: string;
  events: readonly HistoryEvent[];
  given?: Parameters<typeof watchOrder>[0];
  says: RegExp;
}[] = [
  {
    what: 'everything told, once and in order',
    events: run(),
    says: /^held: 0 missing, 0 repeated, 0 told after a newer one, of 58 events by 2 watches; 0 connections broken, 0 times 410 Gone; the slowest came 3 ms after its write was acknowledged$/,
  },
  {
    what: 'a bookmark between the events',
    events: run((events) => [...events, bookmark('api-cp1', 12_300, 12)]),
    says: /^held/,
  },
  {
    what: 'an event twice in one stream',
    events: run((events) => [...events, added('api-cp1', 12, 12_300)]),
    says: /^violated: violated watch-order\(\) - every watch tells .*; measured: 0 missing, 1 repeated, 0 told after .*; the first: r12 in version 112 was told again through api-cp1, 2\.30 s after it began$/,
  },
  {
    what: 'an event after a newer one',
    events: run((events) => [...without(isRecord(12))(events), added('api-cp1', 12, 13_300)]),
    says: /0 missing, 0 repeated, 1 told after a newer one, .*r12 in version 112 was told after a newer one through api-cp1/,
  },
  {
    what: 'a bookmark that goes back',
    events: run((events) => [...events, bookmark('api-cp1', 12_300, 7)]),
    says: /1 told after a newer one, .*the whole collection in version 107 was told after a newer one/,
  },
  {
    what: 'an event left out between two others',
    events: run(without(isRecord(12))),
    says: /1 missing, 0 repeated, .*r12 in version 112 was never told through api-cp1/,
  },
  {
    what: 'events left out that a bookmark passes over',
    events: run((events) => [...without(isRecord(28, 29))(events), bookmark('api-cp1', 30_000, 29)]),
    given: { within: '60s' },
    says: /2 missing/,
  },
  {
    what: 'the last events never told, though there was time to',
    events: run(without(isRecord(28, 29))),
    says: /2 missing, .*r28 was never told through api-cp1, 18\.0 s after it began/,
  },
  {
    what: 'the last events never told, and too little time to',
    events: run(without(isRecord(28, 29))),
    given: { within: '10s' },
    says: /^unknown: 2 acknowledged writes had not been told through api-cp1 when the watching ended, too early/,
  },
  {
    what: 'an acknowledged write that nobody was told of',
    events: history(
      fault(),
      writes,
      allOf('api-cp1').filter((one) => !isRecord(12)(one)),
    ),
    says: /^violated.* 1 missing, .*r12 was never told through api-cp1/,
  },
  {
    what: 'a connection that broke and was resumed from where it was',
    events: run((events) =>
      broken(
        11,
        15,
        11,
        numbers(12, 14).map((n) => added('api-cp1', n, 14_610)),
      )(events),
    ),
    says: /^held: .* 1 connection broken, 0 times 410 Gone; the slowest came 2\.6\d s after/,
  },
  {
    what: 'a resumed connection that leaves out what happened meanwhile',
    events: run(broken(11, 15, 11)),
    says: /^violated.* 3 missing/,
  },
  {
    what: 'a resumed connection that tells again what came before',
    events: run(
      broken(
        11,
        15,
        11,
        [11, 12, 13, 14].map((n) => added('api-cp1', n, 14_610)),
      ),
    ),
    says: /^violated.* 0 missing, 1 repeated/,
  },
  {
    what: 'a connection that broke and never came back',
    events: run((events) => [
      ...events.filter(({ atMs }) => atMs < 11_500),
      event('api-cp1', 11_500, 'closed', { detail: 'timeout' }),
    ]),
    says: /^unknown: the watch through api-cp1 was not open when the watching ended$/,
  },
  {
    what: 'a list after 410 Gone that has it all',
    events: run((events) => [
      ...events.filter(({ atMs }) => atMs < 11_500),
      event('api-cp1', 11_500, 'expired', { version: '111' }),
      list('api-cp1', 14_500, 114),
      ...[12, 13, 14].map((n) => ({ ...added('api-cp1', n, 14_500), type: 'listed' as const })),
      open('api-cp1', 14_600, 114),
      ...events.filter(({ atMs }) => atMs > 15_000),
    ]),
    says: /^unknown: through api-cp1 the server said 1 times that version 111 is gone, .* no acknowledged write is missing$/,
  },
  {
    what: 'a list after 410 Gone that has it all, where that may be',
    events: run((events) => [
      ...events.filter(({ atMs }) => atMs < 11_500),
      event('api-cp1', 11_500, 'expired', { version: '111' }),
      list('api-cp1', 14_500, 114),
      ...[12, 13, 14].map((n) => ({ ...added('api-cp1', n, 14_500), type: 'listed' as const })),
      open('api-cp1', 14_600, 114),
      ...events.filter(({ atMs }) => atMs > 15_000),
    ]),
    given: { relist: 'allowed' },
    says: /^held: .* 0 connections broken, 1 times 410 Gone/,
  },
  {
    what: 'a list after 410 Gone that lacks a record',
    events: run((events) => [
      ...events.filter(({ atMs }) => atMs < 11_500),
      event('api-cp1', 11_500, 'expired', { version: '111' }),
      list('api-cp1', 14_500, 114),
      ...[12, 14].map((n) => ({ ...added('api-cp1', n, 14_500), type: 'listed' as const })),
      open('api-cp1', 14_600, 114),
      ...events.filter(({ atMs }) => atMs > 15_000),
    ]),
    given: { relist: 'allowed' },
    says: /^violated.* 1 missing, .*r13 was never told through api-cp1/,
  },
  {
    what: 'a list that is older than what was told before',
    events: run((events) => [
      ...events.filter(({ atMs }) => atMs < 11_500),
      event('api-cp1', 11_500, 'expired', { version: '111' }),
      list('api-cp1', 14_500, 90),
      open('api-cp1', 14_600, 90),
      ...events.filter(({ atMs }) => atMs > 15_000),
    ]),
    says: /^violated.* 1 told after a newer one/,
  },
  {
    what: 'versions of another length',
    events: run((events) => [
      ...events.filter(({ type }) => type !== 'ended'),
      event('api-cp1', 29_500, 'modified', { key: 'r29', version: '1000' }),
      event('api-cp1', 29_600, 'modified', { key: 'r29', version: '999' }),
      event('api-cp1', 35_000, 'ended'),
    ]),
    given: { target: 'api-cp1' },
    says: /^violated.* 0 missing, 0 repeated, 1 told after a newer one, .*r29 in version 999/,
  },
  {
    what: 'versions that are no numbers',
    events: run((events) => [...events, event('api-cp1', 11_500, 'modified', { key: 'r1', version: 'x7' })]),
    says: /^unknown: through api-cp1 came the resourceVersion x7/,
  },
  {
    what: 'nothing watched',
    events: history(fault(), writes),
    says: /^unknown: nothing was watched through \*$/,
  },
  {
    what: 'a watch that told nothing before the fault',
    events: run((events) => [
      list('api-cp1', 10_400, 110),
      ...numbers(1, 10).map((n) => ({ ...added('api-cp1', n, 10_400), type: 'listed' as const })),
      open('api-cp1', 10_500, 110),
      ...events.filter(({ atMs }) => atMs >= 11_000),
    ]),
    says: /^unknown: no event came through api-cp1 in the 10 s before the fault/,
  },
  {
    what: 'a watch that told nothing after the fault',
    events: history(
      fault(),
      writes.filter(({ startMs }) => startMs < 20_000),
      allOf('api-cp1').filter(({ atMs }) => atMs < 20_000 || atMs > 34_000),
    ),
    says: /^unknown: no event came through api-cp1 after the fault was gone$/,
  },
  {
    what: 'a watcher that died during the fault',
    events: [
      ...run(),
      {
        kind: 'gap',
        probe: 'watcher',
        startMs: 12_000,
        endMs: 30_000,
        because: 'the watcher ended with exit code 137',
      },
    ],
    says: /^unknown: the probe watcher was blind for 18\.0 s, 2\.00 s after the injection: the watcher ended/,
  },
  {
    what: 'a fault that was not felt',
    events: history(fault({ feltMs: null }), writes, allOf('api-cp1')),
    says: /^unknown: the fault 1-node-power-loss was injected but not felt/,
  },
];

describe('watch-order', () => {
  for (const { what, events, given, says } of rows)
    it(what, () => {
      expect(said(events, given)).to.match(says);
    });

  it('shows the events that contradict each other', () => {
    const verdict = watchOrderGuarantee.judge(
      run((events) => [...events, added('api-cp1', 12, 13_300)]),
      watchOrderGuarantee.params({}),
    );
    expect('evidence' in verdict && verdict.evidence).to.deep.equal([
      added('api-cp1', 13),
      added('api-cp1', 12, 13_300),
    ]);
  });

  it('judges only the targets that are wanted', () => {
    expect(said(run(without(isRecord(12))), { target: 'api-ha' })).to.match(/^held: .* of 29 events by 1 watch;/);
  });
});
