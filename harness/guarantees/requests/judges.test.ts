import { expect } from 'chai';

import type { GuaranteeSpec } from '../../model/guarantee.ts';
import type { HistoryEvent } from '../../model/history.ts';
import { errorBudget } from '../error-budget.ts';
import { guarantees } from '../index.ts';
import { latencyUnder } from '../latency-under.ts';
import { between, fault, history, requests } from '../testing/histories.ts';
import { zeroFailures } from '../zero-failures.ts';

function said(events: readonly HistoryEvent[], spec: GuaranteeSpec): string {
  const guarantee = guarantees.find(({ name }) => name === spec.guarantee);
  const verdict = guarantee?.judge(events, guarantee.params(spec.params));
  return `${String(verdict?.status)}: ${String(verdict?.status === 'held' ? verdict.measured : verdict?.because)}`;
}

/** 800 requests from the injection at 10 s to the end at 30 s. */
const good = history(fault(), requests());
const bad = history(fault(), requests({ fails: between(12_000, 12_200) }));
const dropped = history(fault(), requests({ fails: between(12_000, 12_010, { error: 'dropped' }) }));
const unanswered = history(fault(), requests({ fails: between(12_000, 12_010, { error: 'unanswered' }) }));
const nameless = history(fault(), requests({ fails: between(12_000, 12_010, { error: 'dns' }) }));
const controlToo = history(bad, requests({ path: 'control', fails: between(11_900, 12_300) }));
const control = requests({ path: 'control', fails: between(12_500, 12_600) });
const underWay = history(bad, control);
const refused = history(
  fault(),
  requests({ fails: (ms) => between(12_500, 12_600)(ms) && { endMs: ms + 1, error: 'refused' } }),
  control,
);
const slow = history(fault(), requests({ fails: between(12_000, 13_000, { ok: true, status: 200 }) }));
const blind = history(good, [
  { kind: 'gap', probe: 'load', startMs: 15_000, endMs: 16_000, because: 'it was restarted' },
]);
const unfelt = history(fault({ feltMs: null }), requests());
const unhealed = history(fault({ healedMs: null }), requests());
const short = history(fault(), requests({ toMs: 15_000 }));

const rows: readonly [string, HistoryEvent[], GuaranteeSpec, string][] = [
  [
    'no failure',
    good,
    errorBudget({ objective: 99 }),
    'held: 0 of 800 requests failed (0 to 0.48 %), 0 % of the budget',
  ],
  [
    'too few requests for the objective',
    good,
    errorBudget({ objective: 99.9 }),
    'unknown: the error bar straddles the budget of 0.1 %: 0 of 800 requests failed (0 to 0.48 %), 0 % of the budget',
  ],
  [
    'failures beyond the budget',
    bad,
    errorBudget({ objective: 99.9 }),
    'violated: violated error-budget(99.9 %) - the service fails at most 0.1 % of the requests from the injection to the end; measured: 8 of 800 requests failed (0.51 to 2.0 %), 1000 % of the budget',
  ],
  [
    'failures while the control target failed too',
    controlToo,
    errorBudget({ objective: 99.9 }),
    'unknown: the error bar straddles the budget of 0.1 %: 0 of 800 requests failed (0 to 2.0 %); 8 more failures while the harness stalled or dropped them, 0 % of the budget',
  ],
  [
    'timeouts of which the control target failed for a tenth',
    underWay,
    errorBudget({ objective: 99.9 }),
    'violated: violated error-budget(99.9 %) - the service fails at most 0.1 % of the requests from the injection to the end; measured: 8 of 800 requests failed (0.51 to 2.0 %), 1000 % of the budget',
  ],
  [
    'refusals while the control target failed',
    refused,
    zeroFailures(),
    'violated: violated zero-failures() - no request to the service fails from the injection to the end; measured: 4 of 800 requests failed, the first on web (new connections) 2.50 s after the injection: refused',
  ],
  [
    'a gap of the load',
    blind,
    errorBudget({ objective: 99 }),
    'unknown: the probe load was blind for 1.00 s, 5.00 s after the injection: it was restarted',
  ],
  [
    'an unfelt fault',
    unfelt,
    errorBudget({ objective: 99 }),
    'unknown: the fault 1-node-power-loss was injected but not felt: w1 still answers',
  ],
  [
    'no such path',
    good,
    errorBudget({ objective: 99, path: 'x*', mode: 'new' }),
    'unknown: the history has no request on a path x* with new connections',
  ],
  ['no failure', good, zeroFailures(), 'held: none of 800 requests failed'],
  [
    'failures',
    bad,
    zeroFailures(),
    'violated: violated zero-failures() - no request to the service fails from the injection to the end; measured: 8 of 800 requests failed, the first on web (new connections) 2.00 s after the injection: timeout',
  ],
  ['a dropped request', dropped, zeroFailures(), 'unknown: 1 request failed while the harness stalled or dropped them'],
  [
    'a request of which the load generator never told',
    unanswered,
    zeroFailures(),
    'unknown: 1 request failed while the harness stalled or dropped them',
  ],
  [
    'a request whose name the client could not look up',
    nameless,
    zeroFailures(),
    'unknown: 1 request failed while the harness stalled or dropped them',
  ],
  [
    'a thin load',
    history(fault(), requests({ periodMs: 500 })),
    zeroFailures(),
    'unknown: only 40 requests on web (new connections), fewer than 100',
  ],
  [
    'a request without a result',
    good.filter((event) => event.kind !== 'request' || event.seq !== 500),
    zeroFailures(),
    'unknown: no result is known of 1 request',
  ],
  ['no heal', unhealed, zeroFailures(), 'unknown: the fault was never healed'],
  [
    'requests that end early',
    short,
    zeroFailures(),
    'unknown: the requests on web (new connections) end 5.22 s before the fault was gone',
  ],
  [
    'prompt answers',
    good,
    latencyUnder({ under: '100ms', percentile: 95 }),
    'held: p95 web (new connections) during the fault: 2 ms to 2 ms of 408 answers, web (new connections) after it: 2 ms to 2 ms of 392 answers',
  ],
  [
    'slow answers during the fault',
    slow,
    latencyUnder({ under: '100ms', percentile: 95 }),
    'violated: violated latency-under(p95, 100ms) - each path gives 95 % of its good answers within 100 ms, during the fault and after it; measured: p95 web (new connections) during the fault: 1.00 s to 1.00 s of 408 answers, web (new connections) after it: 2 ms to 2 ms of 392 answers',
  ],
  [
    'too few answers for the percentile',
    good,
    latencyUnder({ under: '100ms', percentile: 99.9 }),
    'unknown: 408 answers on web (new connections) during the fault are too few to know their 99.9th percentile',
  ],
];

describe('the judges of requests', () => {
  for (const [what, events, spec, says] of rows)
    it(`${spec.guarantee} says what it makes of ${what}`, () => {
      expect(said(events, spec)).to.equal(says);
    });

  it('refuse an objective that leaves nothing to fail', () => {
    expect(() => errorBudget({ objective: 100 })).to.throw(
      'error-budget.objective: expected a percentage above 0 and below 100, such as 99.9, found 100',
    );
  });
});
