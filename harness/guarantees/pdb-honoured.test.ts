import { expect } from 'chai';

import type { HistoryEvent, StateEvent } from '../model/history.ts';
import { pdbHonoured, pdbHonouredGuarantee } from './pdb-honoured.ts';
import { budget, fault, history, node, pod, state } from './testing/histories.ts';

const said = (events: readonly HistoryEvent[], name?: string): string => {
  const spec = pdbHonoured(name === undefined ? {} : { budget: name });
  const verdict = pdbHonouredGuarantee.judge(events, pdbHonouredGuarantee.params(spec.params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

/** Three ready pods on three nodes, of which the budget `web` demands two. */
const run = (...then: StateEvent[]): HistoryEvent[] =>
  history(fault(), [
    ...['a', 'b', 'c'].map((zone, index) => node(`w${String(index + 1)}`, zone, 0)),
    budget('web', 2, 0),
    pod('web-a', 'w1', 100),
    pod('web-b', 'w2', 100),
    pod('web-c', 'w3', 100),
    ...then,
  ]);

const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
const evicted = { ...going, disruption: 'EvictionByEvictionAPI' };
const lost = { ready: false };
const down = node('w1', 'a', 12_000, { ready: 'Unknown', reason: 'NodeStatusUnknown' });
const replicaSet = (replicas: number, atMs: number): StateEvent =>
  state('ReplicaSet', 'web-1', atMs, { replicas, ready: 3, updated: 3, selector: null, topologySpreadConstraints: [] });

const rows: readonly { what: string; events: HistoryEvent[]; budget?: string; says: string }[] = [
  {
    what: 'nothing removed',
    events: run(),
    says: 'held: 0 voluntary removals of ready pods, none of which took a budget below its demand; no other loss (web demands 2 of 3, lowest 3)',
  },
  {
    what: 'an eviction within the budget',
    events: run(pod('web-a', 'w1', 12_000, evicted)),
    says: 'held: 1 voluntary removal of ready pods, none of which took a budget below its demand; no other loss (web demands 2 of 3, lowest 2)',
  },
  {
    what: 'evictions below the budget',
    events: run(pod('web-a', 'w1', 12_000, evicted), pod('web-b', 'w2', 12_500, evicted)),
    says: 'violated: violated pdb-honoured() - no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands; measured: 1 voluntary removal below a budget, the first: pod web-b on w2 2.50 s after the injection: the eviction API removed it; budget web demands 2 healthy, had 2 and was left with 1; no other loss (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'plain deletes below the budget',
    events: run(pod('web-a', 'w1', 12_000, going), pod('web-b', 'w2', 12_500, going)),
    says: 'violated: violated pdb-honoured() - no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands; measured: 1 voluntary removal below a budget, the first: pod web-b on w2 2.50 s after the injection: it was deleted, past the eviction API; budget web demands 2 healthy, had 2 and was left with 1; no other loss (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'a delete that only its end shows',
    events: run(pod('web-a', 'w1', 12_000, lost), pod('web-b', 'w2', 12_500, going, 'deleted')),
    says: 'violated: violated pdb-honoured() - no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands; measured: 1 voluntary removal below a budget, the first: pod web-b on w2 2.50 s after the injection: it was deleted, past the eviction API; budget web demands 2 healthy, had 2 and was left with 1; 1 involuntary loss (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'a scale-down below the budget',
    events: run(
      replicaSet(3, 200),
      replicaSet(1, 11_900),
      pod('web-a', 'w1', 12_000, going),
      pod('web-b', 'w2', 12_010, going),
    ),
    says: 'violated: violated pdb-honoured() - no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands; measured: 1 voluntary removal below a budget, the first: pod web-b on w2 2.01 s after the injection: its owner was updated or scaled down, which no budget stops; budget web demands 2 healthy, had 2 and was left with 1; no other loss (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'a preemption below the budget',
    events: run(
      pod('web-a', 'w1', 12_000, lost),
      pod('web-b', 'w2', 12_500, { ...going, disruption: 'PreemptionByScheduler' }),
    ),
    says: 'violated: violated pdb-honoured() - no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands; measured: 1 voluntary removal below a budget, the first: pod web-b on w2 2.50 s after the injection: the scheduler preempted it; budget web demands 2 healthy, had 2 and was left with 1; 1 involuntary loss (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'a taint of a node that was well',
    events: run(
      pod('web-a', 'w1', 12_000, lost),
      pod('web-b', 'w2', 12_500, { ...going, disruption: 'DeletionByTaintManager' }),
    ),
    says: 'violated: violated pdb-honoured() - no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands; measured: 1 voluntary removal below a budget, the first: pod web-b on w2 2.50 s after the injection: a NoExecute taint removed it, which no budget stops; budget web demands 2 healthy, had 2 and was left with 1; 1 involuntary loss (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'a lost node',
    events: run(
      down,
      pod('web-a', 'w1', 12_010, lost),
      pod('web-a', 'w1', 17_000, { ...lost, ...going, disruption: 'DeletionByTaintManager' }),
    ),
    says: 'held: 0 voluntary removals of ready pods, none of which took a budget below its demand; 1 involuntary loss (web demands 2 of 3, lowest 2)',
  },
  {
    what: 'lost nodes below the demand',
    events: run(
      down,
      pod('web-a', 'w1', 12_010, lost),
      node('w2', 'b', 12_500, { ready: 'Unknown' }),
      pod('web-b', 'w2', 12_400, lost),
    ),
    says: 'held: 0 voluntary removals of ready pods, none of which took a budget below its demand; 2 involuntary losses, below the demand, against which a budget does not protect (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'an eviction after a loss',
    events: run(down, pod('web-a', 'w1', 12_010, lost), pod('web-b', 'w2', 13_000, evicted)),
    says: 'violated: violated pdb-honoured() - no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands; measured: 1 voluntary removal below a budget, the first: pod web-b on w2 3.00 s after the injection: the eviction API removed it; budget web demands 2 healthy, had 2 and was left with 1; 1 involuntary loss (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'crashes and failed probes',
    events: run(pod('web-a', 'w1', 12_010, { ...lost, restarts: 1 }), pod('web-b', 'w2', 12_400, lost)),
    says: 'held: 0 voluntary removals of ready pods, none of which took a budget below its demand; 2 involuntary losses, below the demand, against which a budget does not protect (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'a removal before the fault',
    events: run(pod('web-a', 'w1', 5_000, going), pod('web-b', 'w2', 5_000, going)),
    says: 'held: 0 voluntary removals of ready pods, none of which took a budget below its demand; no other loss (web demands 2 of 3, lowest 1)',
  },
  {
    what: 'a budget that lets no drain through',
    events: run(budget('strict', 3, 0, { disruptionsAllowed: 0, currentHealthy: 3, expectedPods: 3 })),
    says: 'held: 0 voluntary removals of ready pods, none of which took a budget below its demand; no other loss (web demands 2 of 3, lowest 3, strict demands 3 of 3, lowest 3); strict allowed no disruption with all pods healthy: a drain waits for ever',
  },
  {
    what: 'no budget',
    events: history(fault(), [pod('web-a', 'w1', 100), pod('web-a', 'w1', 12_000, going)]),
    says: 'unknown: no PodDisruptionBudget was recorded, so nothing protects the pods',
  },
  {
    what: 'no budget of that name',
    events: run(),
    budget: 'ledger',
    says: 'unknown: no PodDisruptionBudget ledger was recorded, so nothing protects the pods',
  },
  {
    what: 'a budget that matches nothing',
    events: run(budget('none', 1, 0, { selector: { matchLabels: { app: 'wbe' } } })),
    says: 'unknown: the budget none protects nothing: its selector matches no pod',
  },
  {
    what: 'a budget that matches nothing beside one that is broken',
    events: run(
      budget('none', 1, 0, { selector: { matchLabels: { app: 'wbe' } } }),
      pod('web-a', 'w1', 12_000, going),
      pod('web-b', 'w2', 12_500, going),
    ),
    says: 'violated: violated pdb-honoured() - no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands; measured: 1 voluntary removal below a budget, the first: pod web-b on w2 2.50 s after the injection: it was deleted, past the eviction API; budget web demands 2 healthy, had 2 and was left with 1; no other loss (web demands 2 of 3, lowest 1, none demands 1 of 2, lowest 0)',
  },
  {
    what: 'a blind watch',
    events: [
      ...run(),
      { kind: 'gap', probe: 'recorder/Pod', startMs: 12_000, endMs: 14_000, because: 'the watch broke' },
    ],
    says: 'unknown: the probe recorder/Pod was blind for 2.00 s, 2.00 s after the injection: the watch broke',
  },
  {
    what: 'a pod that vanished in a blind time',
    events: [
      ...run(pod('web-a', 'w1', 12_000, lost), pod('web-b', 'w2', 13_000, {}, 'deleted')),
      { kind: 'gap', probe: 'recorder/Pod', startMs: 12_000, endMs: 14_000, because: 'the watch broke' },
    ],
    says: 'unknown: the probe recorder/Pod was blind for 2.00 s, 2.00 s after the injection: the watch broke',
  },
];

describe('pdb-honoured', () => {
  for (const { what, events, budget: name, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(events, name)).to.equal(says);
    });
  }

  const running = { containers: [{ name: 'web', restarts: 0, state: 'running' }] };
  const ended = (reason: string, restarts = 0) => ({
    ...lost,
    restarts,
    terminated: reason,
    containers: [{ name: 'web', restarts, state: 'terminated' }],
  });
  const causes: readonly (readonly [string, StateEvent])[] = [
    ['oom', pod('web-a', 'w1', 12_000, ended('OOMKilled'))],
    ['oom', pod('web-a', 'w1', 12_000, { ...ended('OOMKilled', 1), phase: 'Failed' })],
    ['crash', pod('web-a', 'w1', 12_000, ended('Error'))],
    ['not-ready', pod('web-a', 'w1', 12_000, { ...running, ...lost, terminated: 'OOMKilled' })],
    ['ended', pod('web-a', 'w1', 12_000, { ...ended('Completed'), phase: 'Succeeded' })],
    ['preemption', pod('web-a', 'w1', 12_000, { ...running, ...going, disruption: 'PreemptionByScheduler' })],
    ['taint', pod('web-a', 'w1', 12_000, { ...running, ...going, disruption: 'DeletionByTaintManager' })],
    ['node-pressure', pod('web-a', 'w1', 12_000, { ...ended('Error'), disruption: 'TerminationByKubelet' })],
  ];
  for (const [cause, event] of causes) {
    it(`says ${cause} of ${JSON.stringify(event.value)}`, () => {
      const verdict = pdbHonouredGuarantee.judge(run(pod('web-a', 'w1', 200, running), event), { budget: null });
      expect(verdict.details).to.have.nested.property('removals[0].cause', cause);
    });
  }

  it('keeps a ledger of every removal', () => {
    const verdict = pdbHonouredGuarantee.judge(
      run(down, pod('web-a', 'w1', 12_010, lost), pod('web-b', 'w2', 13_000, evicted)),
      { budget: null },
    );
    const { removals, budgets } = verdict.details as unknown as {
      removals: { pod: string; cause: string; broken: boolean }[];
      budgets: { findings: string[] }[];
    };
    expect(budgets.map(({ findings }) => findings)).to.deep.equal([['over-budget']]);
    const idle = run(budget('none', 1, 0, { selector: { matchLabels: { app: 'wbe' } } }));
    const { details } = pdbHonouredGuarantee.judge(idle, { budget: null });
    expect(details).to.have.nested.property('budgets[1].findings[0]', 'matches-nothing');
    expect(removals.map(({ pod: name, cause, broken }) => [name, cause, broken])).to.deep.equal([
      ['web-a', 'node-loss', false],
      ['web-b', 'eviction', true],
    ]);
  });
});
