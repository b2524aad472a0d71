import type { History, RequestEvent } from '../../harness/model/history.ts';
import type { Json } from '../../harness/model/json.ts';
import type { JudgedGuarantee } from '../../harness/model/report.ts';
import type { Figure } from '../../harness/model/verdict.ts';
import { moments, podOf, replacement, victim } from './moments.ts';

/** The verdicts of the synthetic run, in the shape and words of the real judges. */
type Bounds = readonly [path: string, mode: string, fromMs: number, lowerMs: number, upperMs: number, notServed: number];

const outages: readonly Bounds[] = [
  ['nodeport-zone-a', 'new', 24_025, 16_546, 17_202.7, 111],
  ['nodeport-zone-a', 'reused', 24_125, 16_371.7, 16_802.8, 162],
  ['nodeport-zone-b', 'new', 24_200, 16_096, 16_727.6, 112],
  ['nodeport-zone-b', 'reused', 24_100, 16_171.7, 16_777.8, 115],
  ['nodeport-zone-c', 'new', 24_000, 16_571, 17_128.6, 130],
  ['nodeport-zone-c', 'reused', 24_050, 16_409.4, 16_927.3, 140],
];

function pathOf([path, mode, fromMs, lowerMs, upperMs, notServed]: Bounds, limitMs: number): Json {
  const firstGoodMs = fromMs + 28.5;
  const recoveredMs = fromMs + upperMs;
  const outage = { fromMs, lastBadMs: fromMs + lowerMs, recoveredMs, firstGoodMs, lowerMs, upperMs, open: false };
  return {
    path,
    mode,
    status: lowerMs > limitMs ? 'violated' : 'held',
    because: null,
    samples: 1_679,
    notServed,
    usualSpacingMs: 25,
    widestSpacingMs: 25,
    firstGoodMs,
    sustainedGoodMs: recoveredMs,
    cleanMs: recoveredMs,
    tail: null,
    outages: [{ ...outage, notServed, samples: 663 }],
    outagesInAll: 1,
  };
}

const step = (name: string, atMs: number, what: string): Json => {
  return { name, atMs, sinceFaultMs: atMs - moments.injecting, what };
};

const steps: Json = [
  step('injecting', moments.injecting, '1-node-power-loss: link down, then every process ended'),
  step('injected', moments.injected, '1-node-power-loss: link of w4 is down'),
  step('felt', moments.felt, '1-node-power-loss: w4 answers neither on :10250 nor to ping from w3'),
  step('noticed', moments.notReady, 'w4 Ready=Unknown (NodeStatusUnknown)'),
  step('withdrawn', moments.withdrawn, `shakedown-web/web: ${podOf(victim)}`),
  step('scheduled', moments.scheduled, `${replacement} on w3`),
  step('ready', moments.replaced, replacement),
  step('full redundancy', moments.replaced + 60, 'shakedown-web/web'),
  step('healed', moments.healed, '1-node-power-loss: w4 has power and its link'),
];

const rtoPromise = (limitMs: number): string =>
  `the service answers again within ${String(limitMs / 1_000)} s of the first request that it does not serve, and then serves every one for 1 s`;

/** Violated below 16.571 s, which the longest outage lasted at least. */
export function rto(history: History, limitMs: number): JudgedGuarantee {
  const under = `${String(limitMs / 1_000)}s`;
  const promise = rtoPromise(limitMs);
  const failures = history.filter((event): event is RequestEvent => event.kind === 'request' && !event.ok);
  const measured =
    'the longest outage took 16.6 s to 17.1 s on nodeport-zone-c (new connections) from 0 ms after the injection, with 80 % requests served in it (first good after 29 ms, sustained good after 17.1 s, clean after 17.1 s); 6 outages on 6 of 6 paths, 770 of 10074 requests on 6 paths after the injection, at most 25 ms apart';
  const point = (name: string, unit: Figure['unit'], value: number): Figure => ({ name, unit, lower: value, upper: value });
  const figures: readonly Figure[] = [
    { name: 'longest outage', unit: 'ms', lower: 16_571, upper: 17_128.6, limit: limitMs },
    point('first good', 'ms', 28.5),
    point('sustained good', 'ms', 17_128.6),
    point('clean', 'ms', 17_128.6),
    point('outages', 'count', 6),
    point('not served', 'count', 770),
    point('widest sample spacing', 'ms', 25),
  ];
  const paths = outages.map((outage) => pathOf(outage, limitMs));
  const details = { limitMs, faultMs: moments.injecting, paths, stalls: [], phases: steps };
  const common = { measured, figures, details };
  const spec = { guarantee: 'rto', params: { under } };
  if (limitMs > 17_200) return { spec, promise, verdict: { status: 'held', ...common } };
  const because = `violated rto(${under}) - ${promise}; measured: ${measured}`;
  return { spec, promise, verdict: { status: 'violated', because, evidence: failures.slice(0, 5), ...common } };
}

export function unknownRto(): JudgedGuarantee {
  const because = 'the fault 1-node-power-loss was injected but not felt: w4 was still Ready after 10 s';
  const promise = rtoPromise(15_000);
  return { spec: { guarantee: 'rto', params: { under: '15s' } }, promise, verdict: { status: 'unknown', because } };
}

const counted = (name: string, value: number, limit?: number): Figure => {
  return { name, unit: 'count', lower: value, upper: value, ...(limit === undefined ? {} : { limit }) };
};

export const rpo: JudgedGuarantee = {
  spec: { guarantee: 'rpo', params: { lost: 0 } },
  promise: 'no acknowledged write is lost, and none is doubled, stale or back from the dead after recovery',
  verdict: {
    status: 'held',
    measured: '2585 acknowledged writes through 5 targets were all read back; 3 of unknown fate; 5 final reads',
    figures: [
      counted('lost', 0, 0),
      counted('duplicated', 0, 0),
      counted('stale', 0, 0),
      counted('resurrected', 0, 0),
      counted('unexpected', 0, 0),
      counted('acknowledged', 2_585),
    ],
    details: {
      acknowledged: 2_585,
      indeterminate: 3,
      targets: [{ target: 'etcd-data', acknowledged: 505, failed: 12, indeterminate: 3 }],
      lost: [],
    },
  },
};

export const pdb: JudgedGuarantee = {
  spec: { guarantee: 'pdb-honoured', params: {} },
  promise:
    'no eviction, delete, rollout, preemption or taint takes the healthy pods below what a PodDisruptionBudget demands',
  verdict: {
    status: 'held',
    measured:
      '0 voluntary removals of ready pods, none of which took a budget below its demand; 1 involuntary loss (web demands 4 of 7, lowest 5)',
    figures: [
      counted('voluntary removals below a budget', 0, 0),
      counted('voluntary removals', 0),
      counted('involuntary losses', 1),
      counted('lowest healthy of web', 5),
    ],
    details: {
      budgets: [{ name: 'web', namespace: 'shakedown-web', mostMatched: 7, lowestHealthy: 5, desired: 4, blocked: false }],
      removals: [
        {
          atMs: moments.notReady + 60,
          namespace: 'shakedown-web',
          pod: podOf(victim),
          node: victim,
          cause: 'node-loss',
          voluntary: false,
          budget: 'web',
          healthyBefore: 6,
          healthyAfter: 5,
          desired: 4,
          broken: false,
        },
      ],
      removalsInAll: 1,
    },
  },
};

const spreadAt = (atMs: number, inB: number, readyInB: number): Json => {
  const domains = { a: 2, b: inB, c: 2 };
  return { atMs, skew: 2 - inB, readySkew: 2 - readyInB, domains, placed: 4 + inB, ready: 4 + readyInB, wanted: 6 };
};

const constraint = 'web by topology.kubernetes.io/zone';

export const spread: JudgedGuarantee = {
  spec: { guarantee: 'topology-spread', params: { within: '30s' } },
  promise:
    "every workload with a spread constraint keeps within its constraint's maxSkew before the fault and is back within it, with all pods placed, 30 s after the heal",
  verdict: {
    status: 'held',
    measured: `${constraint}: skew 0 (a 2, b 2, c 2) before the fault, 1 counting ready pods at worst during it, never out of it after the heal; maxSkew 1`,
    figures: [
      counted(`steady skew of ${constraint}`, 0, 1),
      counted(`worst ready skew of ${constraint}`, 1),
      { name: `return of ${constraint}`, unit: 'ms', lower: 0, upper: 0, limit: 30_000 },
    ],
    details: {
      faultMs: moments.injecting,
      healedMs: moments.gone,
      constraints: [
        {
          workload: 'web',
          namespace: 'shakedown-web',
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'DoNotSchedule',
          maxSkew: 1,
          status: 'held',
          timeline: [
            spreadAt(13_150, 2, 2),
            spreadAt(moments.notReady + 60, 2, 1),
            spreadAt(moments.evicted, 1, 1),
            spreadAt(moments.scheduled, 2, 1),
            spreadAt(moments.replaced, 2, 2),
          ],
        },
      ],
    },
  },
};
