import type { History, RequestEvent } from '../../harness/model/history.ts';
import type { JudgedGuarantee } from '../../harness/model/report.ts';
import { moments, podOf, victim } from './moments.ts';

/** The verdicts of the synthetic run, as its judges would write them. */
const outage = {
  firstBadMs: 24_000,
  lowerMs: 16_574,
  upperMs: 16_650,
  firstGoodMs: 40_625,
  sustainedMs: 41_625,
  cleanMs: 40_625,
  failed: 158,
};

const rtoPhases = [
  { name: 'fault injected', atMs: moments.injecting },
  { name: 'first failed request', atMs: 24_000 },
  { name: 'node condition noticed', atMs: moments.notReady },
  { name: 'endpoint withdrawn', atMs: moments.withdrawn },
  { name: 'first good request', atMs: 40_625 },
  { name: 'replacement scheduled', atMs: moments.scheduled },
  { name: 'full redundancy', atMs: moments.replaced },
];

export function rto(history: History, limitMs: number): JudgedGuarantee {
  const under = `${String(limitMs / 1_000)}s`;
  const promise = `web answers again within ${String(limitMs / 1_000)} s of the fault, on every path`;
  const failures = history.filter((event): event is RequestEvent => event.kind === 'request' && !event.ok);
  const modes = ['new', 'reused'];
  const outages = ['nodeport-zone-a', 'nodeport-zone-b', 'nodeport-zone-c'].flatMap((path) =>
    modes.map((mode) => ({ path, mode, ...outage })),
  );
  const measured = 'measured 16.57-16.65 s without sustained service (worst: nodeport-zone-a, new connections)';
  const figures = [
    { name: 'service RTO', unit: 'ms', lower: 16_574, upper: 16_650, limit: limitMs },
    { name: 'capacity RTO', unit: 'ms', lower: 24_300, upper: 24_340 },
  ] as const;
  const common = { measured, figures, details: { outages, phases: rtoPhases } };
  const spec = { guarantee: 'rto', params: { under } };
  if (limitMs > 16_650) return { spec, promise, verdict: { status: 'held', ...common } };
  const because = `violated rto(${under}) - ${promise}; measured 16.57 s at least`;
  return { spec, promise, verdict: { status: 'violated', because, evidence: failures.slice(0, 5), ...common } };
}

export function unknownRto(): JudgedGuarantee {
  const because =
    'the fault was never felt: w4 was still Ready and its pod still answered 10 s after the injection, so nothing was measured';
  const promise = 'web answers again within 15 s of the fault, on every path';
  return { spec: { guarantee: 'rto', params: { under: '15s' } }, promise, verdict: { status: 'unknown', because } };
}

export const rpo: JudgedGuarantee = {
  spec: { guarantee: 'rpo', params: { lost: 0 } },
  promise: 'no acknowledged write is lost',
  verdict: {
    status: 'held',
    measured: '2,797 of 2,800 writes acknowledged, 0 lost, 0 stale, 3 indeterminate',
    figures: [{ name: 'lost writes', unit: 'count', lower: 0, upper: 0, limit: 0 }],
  },
};

export const pdb: JudgedGuarantee = {
  spec: { guarantee: 'pdb-honoured', params: {} },
  promise: 'no voluntary disruption takes web below its budget',
  verdict: {
    status: 'held',
    measured: '1 removal, 0 of them voluntary below the budget',
    figures: [{ name: 'voluntary removals below the budget', unit: 'count', lower: 0, upper: 0, limit: 0 }],
    details: {
      ledger: [
        {
          atMs: moments.evicted,
          pod: podOf(victim),
          node: victim,
          cause: 'taint-eviction',
          voluntary: false,
          budget: 'web',
          healthyBefore: 5,
          healthyAfter: 5,
          desiredHealthy: 4,
          allowed: 1,
          verdict: 'not counted against the budget',
        },
      ],
    },
  },
};

export const spread: JudgedGuarantee = {
  spec: { guarantee: 'topology-spread', params: { returnWithin: '30s' } },
  promise: 'web is back to a skew of at most 1 across zones within 30 s',
  verdict: {
    status: 'held',
    measured: 'skew at most 1 throughout; 2/1/2 for 7.90-7.94 s, then 2/2/2',
    figures: [{ name: 'time above maxSkew', unit: 'ms', lower: 0, upper: 0, limit: 30_000 }],
    details: {
      constraints: [
        {
          workload: 'Deployment/web',
          topologyKey: 'topology.kubernetes.io/zone',
          maxSkew: 1,
          timeline: [
            { atMs: 10_200, skew: 0 },
            { atMs: moments.notReady + 60, skew: 1 },
            { atMs: moments.replaced, skew: 0 },
          ],
        },
      ],
    },
  },
};
