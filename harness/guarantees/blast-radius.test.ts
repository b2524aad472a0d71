import { expect } from 'chai';

import type { GuaranteeSpec } from '../model/guarantee.ts';
import type { HistoryEvent } from '../model/history.ts';
import { blastRadius } from './blast-radius.ts';
import { guarantees } from './index.ts';
import { between, fault, history, node, pod, requests, type Traffic } from './testing/histories.ts';

function said(events: readonly HistoryEvent[], spec: GuaranteeSpec): string {
  const guarantee = guarantees.find(({ name }) => name === spec.guarantee);
  const verdict = guarantee?.judge(events, guarantee.params(spec.params));
  return `${String(verdict?.status)}: ${String(verdict?.status === 'held' ? verdict.measured : verdict?.because)}`;
}

/** A fault on w1, which is in zone-a, from 10 s to 20.2 s; 409 requests on each path meanwhile. */
const cluster = [node('w1', 'zone-a', 0), node('w2', 'zone-b', 0), node('w3', 'zone-c', 0)];
const to = (zone: string, given: Traffic = {}) => requests({ path: `nodeport-${zone}`, ...given });
const dead = to('zone-a', { fails: between(10_000, 20_000) });
const contained = history(fault(), cluster, dead, to('zone-b'), to('zone-c'));
const spilt = history(fault(), cluster, dead, to('zone-b', { fails: between(11_000, 11_500) }), to('zone-c'));
const late = history(fault(), cluster, dead, to('zone-b', { fails: between(21_000, 29_000) }), to('zone-c'));
const inside = history(fault(), cluster, dead);
const nameless = history(fault(), cluster, requests());
const shaky = history(fault(), cluster, dead, to('zone-b', { fails: (_, seq) => seq % 20 === 0 && { endMs: 0 } }));
const stalled = history(
  fault(),
  cluster,
  dead,
  to('zone-b', { fails: between(11_000, 11_500) }),
  requests({ path: 'control', fails: between(10_900, 11_700) }),
);
const elsewhere = fault().map((event) => ({ ...event, targets: ['namespace shop'] }));
const onPod = fault().map((event) => ({ ...event, targets: ['pod shop/web-1'] }));
/** By the path into the target's zone, web-9 of zone-b answers with an error. */
const strangers = to('zone-a', {
  fails: (startMs) => {
    const by = { pod: 'web-9', node: 'w2', zone: 'zone-b', endMs: startMs + 2 };
    return between(10_000, 12_000)(startMs) && { ...by, status: 503, error: 'status' };
  },
});

const onDeployment = fault().map((event) => ({ ...event, targets: ['deployment shop/web'] }));
const into = (path: string, given: Traffic = {}) => requests({ path, ...given });
/** What is in the target's namespace is dead; by the cluster's zones there is no target at all. */
const otherTeams = history(
  onDeployment,
  cluster,
  into('shop/nodeport-zone-a', { fails: between(10_000, 20_000) }),
  into('nodeport-zone-a', { fails: between(10_000, 20_000) }),
  into('bank/nodeport-zone-a'),
);
const otherTeamsHit = history(
  onDeployment,
  cluster,
  into('bank/nodeport-zone-a', { fails: between(11_000, 11_500) }),
  into('post/nodeport-zone-a'),
);

const rows: readonly [string, HistoryEvent[], GuaranteeSpec, string][] = [
  [
    'only the target feels the fault',
    contained,
    blastRadius({ errors: '1%' }),
    'held: nodeport-zone-b: 0 of 409 requests failed (0 to 0.93 %), nodeport-zone-c: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'another zone feels it too',
    spilt,
    blastRadius({ errors: '1%' }),
    'violated: violated blast-radius(1%) - away from the target of the fault, at most 1 % of the requests to each path fail while the fault is there; measured: nodeport-zone-b: 20 of 409 requests failed (3.2 to 7.4 %), nodeport-zone-c: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'another zone fails when the fault is gone',
    late,
    blastRadius({ errors: '1%' }),
    'held: nodeport-zone-b: 0 of 409 requests failed (0 to 0.93 %), nodeport-zone-c: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'too few requests for the limit',
    contained,
    blastRadius({ errors: '0.5%' }),
    'unknown: the error bar straddles the limit of 0.5 %: nodeport-zone-b: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'no path leads elsewhere',
    inside,
    blastRadius({ errors: '1%' }),
    'unknown: no path is known to lead past the target of the fault',
  ],
  [
    'no path says where it leads',
    nameless,
    blastRadius({ errors: '1%' }),
    'unknown: no path is known to lead past the target of the fault',
  ],
  [
    'the harness stalled while the other zone failed',
    stalled,
    blastRadius({ errors: '1%' }),
    'unknown: the error bar straddles the limit of 1 %: nodeport-zone-b: 0 of 409 requests failed (0 to 7.4 %); 20 more failures while the harness stalled or dropped them',
  ],
  [
    'the other zone was shaky before',
    shaky,
    blastRadius({ errors: '1%' }),
    'unknown: nodeport-zone-b (new connections) was not steady before the fault: 95 % of the requests were served in time',
  ],
  [
    'the target is at no place',
    history(elsewhere, cluster, to('zone-b')),
    blastRadius({ errors: '1%' }),
    "unknown: the target 'namespace shop' of 1-node-power-loss is at no node or zone that the history knows: say with 'outside' which paths are its own",
  ],
  [
    'the target is at no place but was told',
    history(elsewhere, cluster, dead, to('zone-b')),
    blastRadius({ errors: '1%', outside: 'zone-a' }),
    'held: nodeport-zone-b: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'a pod is the target: its zone is',
    history(onPod, cluster, [pod('web-1', 'w1', 100)], dead, to('zone-b')),
    blastRadius({ errors: '1%' }),
    'held: nodeport-zone-b: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'a pod of another zone answers with errors by the target',
    history(fault(), cluster, strangers, to('zone-b')),
    blastRadius({ errors: '1%' }),
    'violated: violated blast-radius(1%) - away from the target of the fault, at most 1 % of the requests to each path fail while the fault is there; measured: answers from zone-b: 80 of 80 requests failed (95.4 to 100.0 %), nodeport-zone-b: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'only the namespace of the target feels it',
    otherTeams,
    blastRadius({ errors: '1%', by: 'namespace' }),
    'held: bank/nodeport-zone-a: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'another namespace feels it too',
    otherTeamsHit,
    blastRadius({ errors: '1%', by: 'namespace' }),
    'violated: violated blast-radius(1%, by namespace) - in other namespaces than that of the target of the fault, at most 1 % of the requests to each path fail while the fault is there; measured: bank/nodeport-zone-a: 20 of 409 requests failed (3.2 to 7.4 %), post/nodeport-zone-a: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'the namespace of the target was told',
    otherTeamsHit,
    blastRadius({ errors: '1%', by: 'namespace', outside: 'ban*' }),
    'held: post/nodeport-zone-a: 0 of 409 requests failed (0 to 0.93 %)',
  ],
  [
    'the target is in no namespace',
    history(fault(), cluster, into('bank/nodeport-zone-a')),
    blastRadius({ errors: '1%', by: 'namespace' }),
    "unknown: the target 'w1' of 1-node-power-loss is in no namespace: say with 'outside' which namespaces are its own",
  ],
  [
    'no path leads into another namespace',
    history(onDeployment, cluster, to('zone-b')),
    blastRadius({ errors: '1%', by: 'namespace' }),
    'unknown: no path is known to lead into another namespace than the target of the fault',
  ],
];

describe('blast-radius', () => {
  for (const [what, events, spec, says] of rows)
    it(`says what it makes of it when ${what}`, () => {
      expect(said(events, spec)).to.equal(says);
    });

  it('judges each injection by its own target', () => {
    const second = fault({ injectingMs: 21_000, feltMs: 21_100, healedMs: 25_000 }).map((event) => ({
      ...event,
      step: '2-node-power-loss',
      targets: ['w2'],
    }));
    const both = history(
      fault(),
      second,
      cluster,
      to('zone-a', { fails: between(10_000, 20_000) }),
      to('zone-b', { fails: between(21_000, 25_000) }),
      to('zone-c'),
    );
    expect(said(both, blastRadius({ errors: '3%' }))).to.match(/^held: nodeport-zone-a: 0 of 169 requests failed/);
  });

  it('refuses a share that is none', () => {
    expect(() => blastRadius({ errors: '2' })).to.throw(
      'blast-radius.errors: expected a percentage above 0% and up to 100%, such as 1%, found "2"',
    );
  });
});
