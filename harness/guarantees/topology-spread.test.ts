import { expect } from 'chai';

import type { HistoryEvent, StateEvent } from '../model/history.ts';
import { deployment, fault, history, node, pod, requests } from './testing/histories.ts';
import { topologySpread, topologySpreadGuarantee } from './topology-spread.ts';

const said = (events: readonly HistoryEvent[], given: Partial<Parameters<typeof topologySpread>[0]> = {}): string => {
  const spec = topologySpread({ within: '5s', ...given });
  const verdict = topologySpreadGuarantee.judge(events, topologySpreadGuarantee.params(spec.params));
  return `${verdict.status}: ${verdict.status === 'held' ? verdict.measured : verdict.because}`;
};

const nodes = (): StateEvent[] => ['a', 'b', 'c'].map((zone) => node(`w${zone}`, zone, 0));
const pods = (on: readonly (string | null)[]): StateEvent[] =>
  on.map((where, n) => pod(`web-${String(n)}`, where, 100));
const even = ['wa', 'wa', 'wb', 'wb', 'wc', 'wc'];
/** Six pods in three zones; the load ends at 30 s. */
const run = (then: readonly StateEvent[] = [], web = deployment('web', 6, 0), on = even): HistoryEvent[] =>
  history(fault(), requests({ toMs: 30_000, periodMs: 1_000 }), nodes(), [web], pods(on), then);

const moved = (name: string, to: string, atMs: number): StateEvent[] => [
  pod(name, 'wa', atMs - 1_000, {}, 'deleted'),
  pod(`${name}-new`, to, atMs),
];

const rows: readonly {
  what: string;
  events: HistoryEvent[];
  given?: Partial<Parameters<typeof topologySpread>[0]>;
  says: string;
}[] = [
  {
    what: 'pods that never move',
    events: run(),
    says: 'held: web by topology.kubernetes.io/zone: skew 0 (a 2, b 2, c 2) before the fault, 0 counting ready pods at worst during it; never out of it after the heal; maxSkew 1',
  },
  {
    what: 'a loss and a return in time',
    events: run([
      pod('web-0', 'wa', 12_000, { ready: false }),
      pod('web-1', 'wa', 12_000, {}, 'deleted'),
      pod('web-6', 'wa', 22_000),
    ]),
    says: 'held: web by topology.kubernetes.io/zone: skew 0 (a 2, b 2, c 2) before the fault, 2 counting ready pods at worst during it; back 2.00 s after the heal; maxSkew 1',
  },
  {
    what: 'a return that is late',
    events: run([pod('web-1', 'wa', 12_000, {}, 'deleted'), pod('web-6', 'wa', 27_500)]),
    says: "violated: violated topology-spread(within 5s) - every workload with a spread constraint keeps within its constraint's maxSkew before the fault and is back within it, with all pods placed, 5 s after the heal; measured: web by topology.kubernetes.io/zone: skew 0 (a 2, b 2, c 2) before the fault, 1 counting ready pods at worst during it; back only 7.50 s after the heal; maxSkew 1",
  },
  {
    what: 'a return that is late because the harness stood still',
    events: [
      ...run([pod('web-1', 'wa', 12_000, {}, 'deleted'), pod('web-6', 'wa', 27_500)]),
      { kind: 'gap', probe: 'harness', startMs: 24_500, endMs: 27_500, because: 'its event loop stood still' },
    ],
    says: 'unknown: web by topology.kubernetes.io/zone: back 7.50 s after the heal, but the harness stood still then',
  },
  {
    what: 'pods that stay where they fled',
    events: run([...moved('web-0', 'wb', 14_000), ...moved('web-1', 'wc', 14_000)]),
    says: "violated: violated topology-spread(within 5s) - every workload with a spread constraint keeps within its constraint's maxSkew before the fault and is back within it, with all pods placed, 5 s after the heal; measured: web by topology.kubernetes.io/zone: skew 0 (a 2, b 2, c 2) before the fault, 3 counting ready pods at worst during it; not back 9.00 s after the heal: skew 3 (a 0, b 3, c 3), moving 1 pod from b to a, 1 pod from c to a would mend it; maxSkew 1",
  },
  {
    what: 'a run that stopped watching before the time was over',
    events: [
      ...run([...moved('web-0', 'wb', 14_000), ...moved('web-1', 'wc', 14_000)]),
      { kind: 'phase', atMs: 23_000, phase: 'drain', state: 'started' },
    ],
    says: 'unknown: web by topology.kubernetes.io/zone: not back when the recording ended 3.00 s after the heal (skew 3 (a 0, b 3, c 3), moving 1 pod from b to a, 1 pod from c to a would mend it), before the 5 s were over',
  },
  {
    what: 'a replacement that stays pending',
    events: run([
      pod('web-1', 'wa', 12_000, {}, 'deleted'),
      pod('web-6', null, 12_010, { ready: false, phase: 'Pending' }),
    ]),
    says: "violated: violated topology-spread(within 5s) - every workload with a spread constraint keeps within its constraint's maxSkew before the fault and is back within it, with all pods placed, 5 s after the heal; measured: web by topology.kubernetes.io/zone: skew 0 (a 2, b 2, c 2) before the fault, 1 counting ready pods at worst during it; not back 9.00 s after the heal: skew 1 (a 1, b 2, c 2; 5 of 6 placed); maxSkew 1",
  },
  {
    what: 'a recording that ends too early',
    events: run([pod('web-1', 'wa', 12_000, {}, 'deleted')]),
    given: { within: '60s' },
    says: 'unknown: web by topology.kubernetes.io/zone: not back when the recording ended 9.00 s after the heal (skew 1 (a 1, b 2, c 2; 5 of 6 placed)), before the 60 s were over',
  },
  {
    what: 'pods that were uneven before',
    events: run([], deployment('web', 6, 0), ['wa', 'wa', 'wa', 'wb', 'wb', 'wc']),
    says: "violated: violated topology-spread(within 5s) - every workload with a spread constraint keeps within its constraint's maxSkew before the fault and is back within it, with all pods placed, 5 s after the heal; measured: web by topology.kubernetes.io/zone: skew 2 (a 3, b 2, c 1) before the fault, 2 counting ready pods at worst during it; skew 2 already before the fault; maxSkew 1",
  },
  {
    what: 'what a wider skew allows',
    events: run([], deployment('web', 6, 0), ['wa', 'wa', 'wa', 'wb', 'wb', 'wc']),
    given: { maxSkew: 2 },
    says: 'held: web by topology.kubernetes.io/zone: skew 2 (a 3, b 2, c 1) before the fault, 2 counting ready pods at worst during it; never out of it after the heal; maxSkew 2',
  },
  {
    what: 'fewer domains than minDomains',
    events: run([], deployment('web', 6, 0, { minDomains: 4 })),
    says: "violated: violated topology-spread(within 5s) - every workload with a spread constraint keeps within its constraint's maxSkew before the fault and is back within it, with all pods placed, 5 s after the heal; measured: web by topology.kubernetes.io/zone: skew 2 (a 2, b 2, c 2) before the fault, 2 counting ready pods at worst during it; skew 2 already before the fault; maxSkew 1",
  },
  {
    what: 'a node that the taints policy leaves out',
    events: run(
      [node('wd', 'd', 50, { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }] })],
      deployment('web', 6, 0, { nodeTaintsPolicy: 'Honor' }),
    ),
    says: 'held: web by topology.kubernetes.io/zone: skew 0 (a 2, b 2, c 2) before the fault, 0 counting ready pods at worst during it; never out of it after the heal; maxSkew 1',
  },
  {
    what: 'a node that counts although it is tainted',
    events: run([node('wd', 'd', 50, { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }] })]),
    says: "violated: violated topology-spread(within 5s) - every workload with a spread constraint keeps within its constraint's maxSkew before the fault and is back within it, with all pods placed, 5 s after the heal; measured: web by topology.kubernetes.io/zone: skew 2 (a 2, b 2, c 2, d 0) before the fault, 2 counting ready pods at worst during it; skew 2 already before the fault; maxSkew 1",
  },
  {
    what: 'no constraint',
    events: run([], deployment('web', 6, 0, null)),
    says: 'unknown: no workload with a topology spread constraint was recorded',
  },
  {
    what: 'a blind watch after the heal',
    events: [
      ...run(),
      { kind: 'gap', probe: 'recorder/Pod', startMs: 21_000, endMs: 22_000, because: 'the watch broke' },
    ],
    says: 'unknown: the probe recorder/Pod was blind for 1.00 s, 11.0 s after the injection: the watch broke',
  },
  {
    what: 'a blind watch during the fault, which decides nothing',
    events: [
      ...run(),
      { kind: 'gap', probe: 'recorder/Pod', startMs: 12_000, endMs: 13_000, because: 'the watch broke' },
    ],
    says: 'held: web by topology.kubernetes.io/zone: skew 0 (a 2, b 2, c 2) before the fault, 0 counting ready pods at worst during it; never out of it after the heal; maxSkew 1',
  },
  {
    what: 'a fault that was never healed',
    events: history(fault({ healedMs: null }), nodes(), [deployment('web', 6, 0)], pods(even)),
    says: 'unknown: the fault was never healed',
  },
];

describe('topology-spread', () => {
  for (const { what, events, given, says } of rows) {
    it(`judges ${what}`, () => {
      expect(said(events, given)).to.equal(says);
    });
  }
});
