import { expect } from 'chai';

import type { HistoryEvent } from '../model/history.ts';
import type { Verdict } from '../model/verdict.ts';
import { rto, rtoGuarantee } from './rto.ts';
import { between, fault, history, requests, type Traffic } from './testing/histories.ts';

const judge = (events: readonly HistoryEvent[], given: Parameters<typeof rto>[0] = { under: '2s' }): Verdict =>
  rtoGuarantee.judge(events, rtoGuarantee.params(rto(given).params));

const run = (...traffic: Traffic[]): HistoryEvent[] => history(fault(), ...traffic.map(requests));

const gap = (probe: string, startMs: number, endMs: number, because: string): HistoryEvent[] => [
  { kind: 'gap', probe, startMs, endMs, because },
];

/** What the verdict says, in one line: the status and its sentence. */
const said = (verdict: Verdict): string =>
  `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;

interface Row {
  readonly what: string;
  readonly events: HistoryEvent[];
  readonly given?: Parameters<typeof rto>[0];
  readonly says: string;
}

const rows: readonly Row[] = [
  {
    what: 'no failure',
    events: run({}),
    says: 'held: no request failed or was late: 799 requests on 1 path after the injection, at most 25 ms apart, so that an outage longer than 25 ms would have been seen',
  },
  {
    what: 'an outage within the limit',
    events: run({ fails: between(10_200, 11_600) }),
    says: 'held: the longest outage took 1.37 s to 1.43 s on web (new connections), from 200 ms after the injection, with 100 % of requests failing or late; first good after 1.40 s, sustained good after 1.40 s, clean after 1.40 s; 1 outage on 1 of 1 path; 56 of 799 requests not served, at most 25 ms apart',
  },
  {
    what: 'an outage beyond the limit',
    events: run({ fails: between(10_200, 13_600) }),
    says: 'violated: violated rto(2s) - the service answers again within 2 s of the first request that it does not serve, and then serves every one for 1 s; measured: the longest outage took 3.37 s to 3.42 s on web (new connections), from 200 ms after the injection, with 100 % of requests failing or late; first good after 3.40 s, sustained good after 3.40 s, clean after 3.40 s; 1 outage on 1 of 1 path; 136 of 799 requests not served, at most 25 ms apart',
  },
  {
    what: 'a limit inside the error bar',
    events: run({ fails: between(10_200, 11_600) }),
    given: { under: '1400ms' },
    says: 'unknown: web (new connections): the error bar straddles the limit: 1.37 s to 1.43 s against 1400 ms',
  },
  {
    what: 'an outage still open at the end, not yet beyond the limit',
    events: run({ fails: between(29_000, 30_000) }),
    says: 'unknown: web (new connections): the outage that began 19.0 s after the injection was still open when the recording ended',
  },
  {
    what: 'an outage still open at the end, beyond the limit',
    events: run({ fails: between(26_000, 30_000) }),
    says: 'violated: violated rto(2s) - the service answers again within 2 s of the first request that it does not serve, and then serves every one for 1 s; measured: the longest outage took more than 3.97 s on web (new connections), from 16.0 s after the injection, with 100 % of requests failing or late; first good not reached, sustained good not reached, clean not reached; 1 outage on 1 of 1 path; 160 of 799 requests not served, at most 25 ms apart',
  },
  {
    what: 'two outages, which are not merged',
    events: run({ fails: (ms) => between(10_200, 11_600)(ms) || between(14_000, 15_000)(ms) }),
    says: 'held: the longest outage took 1.37 s to 1.43 s on web (new connections), from 200 ms after the injection, with 100 % of requests failing or late; first good after 1.40 s, sustained good after 1.40 s, clean after 4.80 s; after it 40 more requests (5.4 %) not served, the last 4.97 s after the injection; 2 outages on 1 of 1 path; 96 of 799 requests not served, at most 25 ms apart',
  },
  {
    what: 'a share of failures, which keeps the outage open',
    events: run({ fails: (ms, seq) => seq % 3 === 0 && between(10_200, 11_600)(ms) }),
    says: 'held: the longest outage took 1.35 s to 1.83 s on web (new connections), from 200 ms after the injection, with 35 % of requests failing or late; first good after 27 ms, sustained good after 1.63 s, clean after 1.63 s; 1 outage on 1 of 1 path; 19 of 799 requests not served, at most 25 ms apart',
  },
  {
    what: 'a tail after sustained good',
    events: run({ fails: (ms, seq) => between(10_200, 11_600)(ms) || (seq % 60 === 0 && between(11_700, 18_000)(ms)) }),
    says: 'held: the longest outage took 1.80 s to 2.00 s on web (new connections), from 200 ms after the injection, with 78 % of requests failing or late; first good after 1.40 s, sustained good after 1.90 s, clean after 6.33 s; after it 3 more requests (0.42 %) not served, the last 6.50 s after the injection; 4 outages on 1 of 1 path; 60 of 799 requests not served, at most 25 ms apart',
  },
  {
    what: 'late successes',
    events: run({ fails: (ms) => between(10_200, 11_600, { ok: true, endMs: 11_650 })(ms) }),
    says: 'held: the longest outage took 1.32 s to 1.47 s on web (new connections), from 200 ms after the injection, with 100 % of requests failing or late; first good after 1.45 s, sustained good after 1.45 s, clean after 1.45 s; 1 outage on 1 of 1 path; 54 of 799 requests not served, at most 25 ms apart',
  },
  {
    what: 'a request that hangs to the end hides nothing',
    events: run({ fails: (ms) => between(10_200, 10_220, { endMs: 30_000 })(ms) }),
    says: 'held: the longest outage took 0 ms to 50 ms on web (new connections), from 200 ms after the injection, with 100 % of requests failing or late; first good after 27 ms, sustained good after 27 ms, clean after 27 ms; 1 outage on 1 of 1 path; 1 of 799 requests not served, at most 25 ms apart',
  },
  { what: 'no fault at all', events: history(requests()), says: 'unknown: no fault was injected' },
  {
    what: 'a fault that was not felt',
    events: history(fault({ feltMs: null }), requests()),
    says: 'unknown: the fault 1-node-power-loss was injected but not felt: w1 still answers',
  },
  {
    what: 'no request at all',
    events: run({ path: 'control' }),
    says: 'unknown: the history has no request to the service',
  },
  {
    what: 'no request on the path',
    events: run({}),
    given: { under: '2s', path: 'ingress-*', mode: 'reused' },
    says: 'unknown: the history has no request on a path ingress-* with reused connections',
  },
  {
    what: 'a load that is too low',
    events: run({ periodMs: 200 }),
    says: 'unknown: web (new connections): the load was too low: samples 200 ms apart where 50 ms is demanded',
  },
  {
    what: 'a load that was not recorded',
    events: history(fault(), requests(), gap('load', 12_000, 12_400, 'k6 ended with exit code 137')),
    says: 'unknown: web (new connections): the load was not recorded for 400 ms, 2.00 s after the injection: k6 ended with exit code 137',
  },
  {
    what: 'a load that ended early',
    events: history(fault(), requests({ toMs: 15_000 })),
    says: 'unknown: web (new connections): its samples end 5.22 s too early to cover the recovery',
  },
  {
    what: 'a path that ended before the others',
    events: run({ toMs: 25_000 }, { path: 'api' }),
    says: 'unknown: web (new connections): its samples end 4.00 s too early to cover the recovery',
  },
  {
    what: 'a load that began with the fault',
    events: run({ fromMs: 9_800 }),
    says: 'unknown: web (new connections): only 8 samples while it was steady before the fault, 20 are needed',
  },
  {
    what: 'a path that was never steady',
    events: run({ fails: (ms, seq) => ms < 10_000 && seq % 20 === 0 && {} }),
    says: 'unknown: web (new connections): it was not steady before the fault: 95 % of the samples were good and in time',
  },
  {
    what: 'requests without a result',
    events: history(
      fault(),
      requests().filter(({ seq }) => seq !== 600),
    ),
    says: 'unknown: web (new connections): no result is recorded of 1 request',
  },
  {
    what: 'a harness that stalls now and then',
    events: history(
      fault(),
      requests()
        .filter(({ startMs }) => startMs % 2_000 > 300 || startMs < 10_000)
        .map((event, seq) => ({ ...event, seq })),
    ),
    says: 'unknown: web (new connections): the harness stalled: samples are missing for 3.50 s of 20.0 s',
  },
  {
    what: 'an outage that the control target shares',
    events: run({ fails: between(10_200, 13_600) }, { path: 'control', fails: between(10_300, 13_000) }),
    says: 'unknown: web (new connections): the control target, which never touches the cluster, failed for 2.70 s of the outage of 3.37 s to 3.42 s',
  },
  {
    what: 'an outage while the processors of the machine had nothing left',
    events: [
      ...run({ fails: between(10_200, 13_600) }, { path: 'control' }),
      { kind: 'gap', probe: 'processors', startMs: 10_000, endMs: 12_500, because: '9 tasks wanted each' },
    ],
    says: "unknown: web (new connections): the processors of this machine, which are the nodes' too, had nothing left for 2.30 s of the outage of 3.37 s to 3.42 s",
  },
  {
    what: 'an outage while other machines took the processors',
    events: [
      ...run({ fails: between(10_200, 13_600) }, { path: 'control' }),
      { kind: 'gap', probe: 'steal', startMs: 10_000, endMs: 12_500, because: 'other machines took 40 %' },
    ],
    says: 'unknown: web (new connections): other machines took processors of this one away for 2.30 s of the outage of 3.37 s to 3.42 s',
  },
  {
    what: 'an outage of look-ups on the client',
    events: run({
      fails: (ms) => between(10_200, 13_600)(ms) && { endMs: ms + 1, error: 'dns' },
    }),
    says: "unknown: web (new connections): the client's machine could not look up names for 3.38 s of the outage of 3.37 s to 3.42 s",
  },
  {
    what: 'an outage of which the control target shares little',
    events: run({ fails: between(10_200, 13_600) }, { path: 'control', fails: between(10_300, 10_400) }),
    says: 'violated: violated rto(2s) - the service answers again within 2 s of the first request that it does not serve, and then serves every one for 1 s; measured: the longest outage took 3.37 s to 3.42 s on web (new connections), from 200 ms after the injection, with 100 % of requests failing or late; first good after 3.40 s, sustained good after 3.40 s, clean after 3.40 s; 1 outage on 1 of 1 path; 136 of 799 requests not served, at most 25 ms apart',
  },
];

describe('rto', () => {
  for (const { what, events, given, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(judge(events, given))).to.equal(says);
    });
  }
});
