import { expect } from 'chai';

import type { HistoryEvent, OpEvent } from '../model/history.ts';
import { apiRto, apiRtoGuarantee } from './api-rto.ts';
import { fault, history, requests, write } from './testing/histories.ts';

const said = (events: readonly HistoryEvent[], given: Parameters<typeof apiRto>[0] = { under: '2s' }): string => {
  const verdict = apiRtoGuarantee.judge(events, apiRtoGuarantee.params(apiRto(given).params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

/** A write each 100 ms from 0 s to 30 s, not acknowledged from 10.1 s on for so long. */
const writes = (target: string, outMs: number, how: Partial<OpEvent> = {}): OpEvent[] =>
  Array.from({ length: 300 }, (_, n) => {
    const startMs = n * 100;
    const out = startMs >= 10_100 && startMs < 10_100 + outMs;
    return write(`${target}/${String(n)}`, startMs, {
      target,
      ...(out ? { outcome: 'unknown', endMs: startMs + 3_000, ...how } : {}),
    });
  });

const rows: readonly { what: string; events: HistoryEvent[]; given?: Parameters<typeof apiRto>[0]; says: string }[] = [
  {
    what: 'an election within the limit',
    events: history(fault(), writes('api-ha', 1_200)),
    says: 'held: the longest outage took 1.09 s to 1.30 s on api-ha, from 100 ms after the injection, with 100 % of writes failing or late; first good after 1.21 s, sustained good after 1.21 s, clean after 1.21 s; 1 outage on 1 of 1 path; 12 of 199 writes not served, at most 100 ms apart',
  },
  {
    what: 'one server that stays down',
    events: history(fault(), writes('api-ha', 0), writes('api-cp1', 5_000)),
    says: 'violated: violated api-rto(2s, api-*) - writes through api-* are acknowledged again within 2 s of the first one that is not, and then all of them for 1 s; measured: the longest outage took 4.89 s to 5.10 s on api-cp1, from 100 ms after the injection, with 100 % of writes failing or late; first good after 5.00 s, sustained good after 5.00 s, clean after 5.00 s; 1 outage on 1 of 2 paths; 50 of 398 writes not served, at most 100 ms apart',
  },
  {
    what: 'only the wanted target',
    events: history(fault(), writes('api-ha', 0), writes('api-cp1', 5_000)),
    given: { under: '2s', target: 'api-ha' },
    says: 'held: no write failed or was late: 199 writes on 1 path after the injection, at most 100 ms apart, so that an outage longer than 100 ms would have been seen',
  },
  {
    what: 'a write that comes late as not acknowledged when it began',
    events: history(fault(), writes('api-ha', 1_200, { outcome: 'ok', endMs: 11_350 })),
    says: 'held: the longest outage took 895 ms to 1.34 s on api-ha, from 100 ms after the injection, with 100 % of writes failing or late; first good after 1.25 s, sustained good after 1.25 s, clean after 1.25 s; 1 outage on 1 of 1 path; 10 of 199 writes not served, at most 100 ms apart',
  },
  {
    what: 'no write',
    events: history(fault(), requests(), writes('etcd-data-a', 0)),
    says: 'unknown: the history has no write through a target api-*',
  },
  {
    what: 'writes too far apart',
    events: history(
      fault(),
      writes('api-ha', 0).filter((_, n) => n % 5 === 0),
    ),
    says: 'unknown: api-ha: the load was too low: samples 500 ms apart where 250 ms is demanded',
  },
];

describe('api-rto', () => {
  for (const { what, events, given, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(events, given)).to.equal(says);
    });
  }
});
