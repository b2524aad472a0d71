import { expect } from 'chai';

import type { FaultEvent, HistoryEvent, StateEvent } from '../model/history.ts';
import type { Verdict } from '../model/verdict.ts';
import { apiPriority, apiPriorityGuarantee } from './api-priority.ts';
import { fault, history, node, recorderGap, state } from './testing/histories.ts';

/** An overload from 10 s to 20.2 s. */
const overload = (events: readonly FaultEvent[] = fault()): HistoryEvent[] =>
  events.map((event) => ({ ...event, step: '1-apiserver-overload', fault: 'apiserver-overload' }));

const lease = (name: string, atMs: number, holder: string, namespace = 'kube-system'): StateEvent =>
  state('Lease', name, atMs, { holder, renewTime: `at ${String(atMs)}`, transitions: 1 }, { namespace });
const heartbeat = (of: string, atMs: number): StateEvent => lease(of, atMs, of, 'kube-node-lease');

const calm = [
  node('w1', 'a', 0),
  node('w2', 'b', 0),
  lease('kube-scheduler', 0, 'cp1_x'),
  lease('kube-scheduler', 12_000, 'cp1_x'),
  ...[5_000, 15_000, 25_000].flatMap((atMs) => [heartbeat('w1', atMs), heartbeat('w2', atMs + 500)]),
];
const judge = (...events: readonly (readonly HistoryEvent[])[]): Verdict =>
  apiPriorityGuarantee.judge(history(...events), apiPriorityGuarantee.params({}));
const because = (verdict: Verdict): string => ('because' in verdict ? verdict.because : verdict.measured);

describe('api-priority', () => {
  it('is held when every node stays Ready and every lease with its holder', () => {
    const verdict = judge(overload(), calm);
    expect(verdict).to.deep.include({
      status: 'held',
      measured:
        '2 nodes and 1 lease in 10.2 s of overload: no change, the longest time without a heartbeat 10.0 s (w1)',
    });
    expect(verdict.figures).to.deep.include({ name: 'changes', unit: 'count', lower: 0, upper: 0, limit: 0 });
  });

  it('is violated by a node that is not Ready any more', () => {
    const lost = node('w2', 'b', 14_000, { ready: 'Unknown', reason: 'NodeStatusUnknown' });
    const verdict = judge(overload(), calm, [lost]);
    expect(because(verdict)).to.equal(
      'violated api-priority(kube-*) - while an API server is overloaded no node stops being Ready and no lease kube-* changes its holder; ' +
        'measured: w2 became Ready=Unknown (NodeStatusUnknown) 4.00 s after the injection',
    );
    expect(verdict.status === 'violated' ? verdict.evidence : []).to.deep.equal([lost]);
  });

  it('is violated by a lease that passes, though the recorder was blind at another time', () => {
    const verdict = judge(
      overload(),
      calm,
      [lease('kube-scheduler', 16_000, 'cp2_y')],
      [recorderGap('Node', 17_000, 18_000)],
    );
    expect(verdict.status).to.equal('violated');
    expect(because(verdict)).to.include('kube-scheduler passed from cp1_x to cp2_y 6.00 s after the injection');
  });

  it('does not count what happened before or after, nor leases of another name', () => {
    const elsewhere = [
      node('w1', 'a', 2_000, { ready: 'False' }),
      node('w1', 'a', 3_000),
      node('w1', 'a', 21_000, { ready: 'Unknown' }),
      lease('kube-scheduler', 22_000, 'cp2_y'),
      lease('apiserver-abc', 11_000, 'one'),
      lease('apiserver-abc', 12_000, 'other'),
    ];
    expect(judge(overload(), calm, elsewhere).status).to.equal('held');
  });

  it('is unknown without an overload that was felt', () => {
    expect(because(judge(fault(), calm))).to.equal('no API server was overloaded: no apiserver-overload was injected');
    expect(judge(overload(fault({ feltMs: null })), calm).status).to.equal('unknown');
  });

  it('is unknown when the recorder did not look, or saw nothing to judge', () => {
    const blind = judge(overload(), calm, [recorderGap('Lease', 12_000, 13_000)]);
    expect([blind.status, because(blind)]).to.deep.equal([
      'unknown',
      'the probe recorder/Lease was blind for 1.00 s, 2.00 s after the injection: the watch broke',
    ]);
    expect(judge(overload(), calm, [recorderGap('Lease', 1_000, 2_000)]).status).to.equal('held');
    expect(because(judge(overload(), [lease('kube-scheduler', 0, 'x')]))).to.equal('no node was recorded');
    expect(because(judge(overload(), [node('w1', 'a', 0)]))).to.equal('no lease kube-* was recorded');
  });

  it('is unknown when the harness stood still about a change at the edge', () => {
    const stall = { kind: 'gap', probe: 'harness', startMs: 9_000, endMs: 10_400, because: 'stalled' } as const;
    const edge = [node('w1', 'a', 10_300, { ready: 'Unknown', reason: 'x' })];
    expect(because(judge(overload(), calm, edge, [stall]))).to.equal(
      'w1 became Ready=Unknown (x) while the harness stood still, and whether that was during the overload is not known',
    );
  });

  it('refuses a field that it does not know', () => {
    expect(() => apiPriority({ leases: 'x' } as never)).to.throw(/^api-priority\.leases/);
  });
});
