import { expect } from 'chai';

import type { GuaranteeSpec } from '../model/guarantee.ts';
import type { HistoryEvent } from '../model/history.ts';
import type { Verdict } from '../model/verdict.ts';
import { capacityRto } from './capacity-rto.ts';
import { guarantees } from './index.ts';
import { between, fault, history, pod, requests, type Traffic } from './testing/histories.ts';

function judged(events: readonly HistoryEvent[], spec: GuaranteeSpec): Verdict | undefined {
  const guarantee = guarantees.find(({ name }) => name === spec.guarantee);
  return guarantee?.judge(events, guarantee.params(spec.params));
}

function said(events: readonly HistoryEvent[], spec: GuaranteeSpec): string {
  const verdict = judged(events, spec);
  return `${String(verdict?.status)}: ${String(verdict?.status === 'held' ? verdict.measured : verdict?.because)}`;
}

/** Three pods of which web-0 answers; web-2 is not ready from 12 s on, and a new one is at `backMs`. */
const crew = [0, 1, 2].map((n) => pod(`web-${String(n)}`, 'w1', 100));
const answered = (given: Traffic = {}) => requests({ toMs: 60_000, ...given }).map((one) => ({ ...one, pod: 'web-0' }));
const lost = (backMs: number | null): HistoryEvent[] => [
  pod('web-2', 'w1', 12_000, { ready: false }),
  ...(backMs === null ? [] : [pod('web-3', 'w2', backMs)]),
];
const spec = capacityRto({ under: '20s' });
const control = requests({ path: 'control', toMs: 60_000, fails: between(12_000, 35_000) });

const rows: readonly [string, HistoryEvent[], GuaranteeSpec, string][] = [
  [
    'nothing is lost',
    history(fault(), crew, answered()),
    spec,
    'held: no capacity was lost: at least 3 of 3 pods of shop/ReplicaSet/web-1 ready; good answers as before on 1 path',
  ],
  [
    'a pod is back in time',
    history(fault(), crew, lost(30_000), answered()),
    spec,
    'held: the full capacity was back after 18.0 s to 18.0 s, lost from 2.00 s after the injection: ready pods of shop/ReplicaSet/web-1; at least 2 of 3 pods of shop/ReplicaSet/web-1 ready',
  ],
  [
    'a pod is back too late though every request is answered',
    history(fault(), crew, lost(33_000), answered()),
    spec,
    'violated: violated capacity-rto(20s, 90%) - within 20 s of the first loss, the ready pods behind the service and the good answers on each path are back at 90 % of what they were before the fault, and stay so for 5 s; measured: the full capacity was back after 21.0 s to 21.0 s, lost from 2.00 s after the injection: ready pods of shop/ReplicaSet/web-1; at least 2 of 3 pods of shop/ReplicaSet/web-1 ready',
  ],
  [
    'two of three pods are enough',
    history(fault(), crew, lost(33_000), answered()),
    capacityRto({ under: '20s', share: '60%' }),
    'held: no capacity was lost: at least 2 of 3 pods of shop/ReplicaSet/web-1 ready; good answers as before on 1 path',
  ],
  [
    'a third of the answers is bad before the pod is known to be lost',
    history(
      fault(),
      crew,
      lost(30_000),
      answered({ fails: (ms, seq) => between(10_500, 12_500)(ms) && seq % 3 === 0 && {} }),
    ),
    capacityRto({ under: '19s' }),
    'violated: violated capacity-rto(19s, 90%) - within 19 s of the first loss, the ready pods behind the service and the good answers on each path are back at 90 % of what they were before the fault, and stay so for 5 s; measured: the full capacity was back after 19.5 s to 19.8 s, lost from 502 ms after the injection: good answers on web (new connections), ready pods of shop/ReplicaSet/web-1; at least 2 of 3 pods of shop/ReplicaSet/web-1 ready',
  ],
  [
    'one in twenty answers is bad',
    history(fault(), crew, answered({ fails: (ms, seq) => ms > 11_000 && seq % 20 === 0 && {} })),
    spec,
    'held: no capacity was lost: at least 3 of 3 pods of shop/ReplicaSet/web-1 ready; good answers as before on 1 path',
  ],
  [
    'the pod never comes back',
    history(fault(), crew, lost(null), answered()),
    capacityRto({ under: '60s' }),
    'unknown: ready pods of shop/ReplicaSet/web-1: not seen back for 5.00 s when the recording ended, 48.0 s after the loss',
  ],
  [
    'the pod does not come back within the limit',
    history(fault(), crew, lost(null), answered()),
    capacityRto({ under: '30s' }),
    'violated: violated capacity-rto(30s, 90%) - within 30 s of the first loss, the ready pods behind the service and the good answers on each path are back at 90 % of what they were before the fault, and stay so for 5 s; measured: the full capacity was back after more than 48.0 s, lost from 2.00 s after the injection: ready pods of shop/ReplicaSet/web-1; at least 2 of 3 pods of shop/ReplicaSet/web-1 ready',
  ],
  [
    'the harness stalled meanwhile',
    history(fault(), crew, lost(33_000), answered(), control),
    spec,
    'unknown: the control target, which never touches the cluster, failed for 21.0 s of the loss of 21.0 s to 21.0 s',
  ],
  [
    'the watch of pods was blind',
    history(fault(), crew, answered(), [
      { kind: 'gap', probe: 'recorder/Pod', startMs: 15_000, endMs: 16_000, because: 'the API was gone' },
    ]),
    spec,
    'unknown: the probe recorder/Pod was blind for 1.00 s, 5.00 s after the injection: the API was gone',
  ],
  [
    'no answer names its pod',
    history(fault(), crew, requests({ toMs: 60_000 })),
    spec,
    "unknown: no answer before the fault says which pod gave it: say with 'workload' whose pods are behind the service",
  ],
  [
    'no answer names its pod but the workload is told',
    history(fault(), crew, requests({ toMs: 60_000 })),
    capacityRto({ under: '20s', workload: 'web*' }),
    'held: no capacity was lost: at least 3 of 3 pods of shop/ReplicaSet/web-1 ready; good answers as before on 1 path',
  ],
  [
    'the load ends early',
    history(fault(), crew, answered({ toMs: 15_000 })),
    spec,
    'unknown: web (new connections): its samples end 5.22 s too early to cover the recovery',
  ],
];

describe('capacity-rto', () => {
  for (const [what, events, given, says] of rows)
    it(`says what it makes of it when ${what}`, () => {
      expect(said(events, given)).to.equal(says);
    });

  it('takes what is lost again at once for one loss', () => {
    const again = [pod('web-3', 'w2', 26_000, { ready: false }), pod('web-3', 'w2', 28_000)];
    const events = history(fault(), crew, lost(24_000), again, answered());
    expect(said(events, spec)).to.match(/^held: the full capacity was back after 16\.0 s to 16\.0 s/);
    expect(said(events, capacityRto({ under: '20s', sustain: '1s' }))).to.match(
      /12\.0 s to 12\.0 s.*; 2 losses in all$/,
    );
  });

  it('shows the pods that were lost', () => {
    const verdict = judged(history(fault(), crew, lost(33_000), answered()), spec);
    expect(verdict).to.have.nested.property('evidence[0].name', 'web-2');
  });
});
