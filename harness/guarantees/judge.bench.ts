// How long all judges together take over a 30 min history at 200 samples/s: `node harness/guarantees/judge.bench.ts`.
import type { GuaranteeSpec } from '../model/guarantee.ts';
import type { HistoryEvent } from '../model/history.ts';
import {
  apiRto,
  appendOrder,
  blastRadius,
  capacityRto,
  cleanReturn,
  endpointsConverge,
  errorBudget,
  guarantees,
  latencyUnder,
  leaderHandover,
  noDuplicateOrdinal,
  noRestartStorm,
  pdbHonoured,
  rpo,
  rto,
  setComplete,
  topologySpread,
  zeroFailures,
} from './index.ts';
import {
  between,
  budget,
  deployment,
  fault,
  history,
  node,
  pod,
  read,
  requests,
  service,
  slice,
  state,
  write,
} from './testing/histories.ts';

const lengthMs = 30 * 60_000;
const paths = ['nodeport-a', 'nodeport-b', 'nodeport-c', 'ingress', 'control'];

/** Five paths on two kinds of connections at 20/s each: 200 samples/s. */
function load(): HistoryEvent[] {
  const streams = paths.flatMap((path) => (['new', 'reused'] as const).map((mode) => ({ path, mode })));
  return streams.flatMap(({ path, mode }) => {
    const fails = path === 'control' ? () => false as const : between(600_000, 645_000);
    return requests({
      path,
      mode,
      toMs: lengthMs,
      periodMs: 50,
      fails: (ms, seq) => seq % 3 === 0 && fails(ms),
    });
  });
}

/** A client that puts an element into a set and into a list each second; of the list every tenth read is there. */
function collections(): HistoryEvent[] {
  const elements = Array.from({ length: 1_750 }, (_, n) => `c#${String(n)}`);
  const put = (action: 'add' | 'append') =>
    elements.map((value, n) => write(action, n * 1_000, { action, value, client: action }));
  const grown = elements.flatMap((_, n) =>
    n % 10 === 0
      ? [read('append', { startMs: n * 1_000 + 500, endMs: n * 1_000 + 510, value: elements.slice(0, n + 1) })]
      : [],
  );
  const last = (['add', 'append'] as const).map((key) =>
    read(key, { startMs: 1_790_000, endMs: 1_790_100, value: elements }),
  );
  return [...put('add'), ...put('append'), ...grown, ...last];
}

function operations(): HistoryEvent[] {
  const writes = Array.from({ length: 6_000 }, (_, n) => write(String(n), n * 250));
  const reads = writes.map(({ key }) => read(key, { startMs: 1_700_000, endMs: 1_700_100 }));
  return [...writes, ...reads];
}

function states(): HistoryEvent[] {
  const nodes = ['a', 'b', 'c'].flatMap((zone) => ['1', '2'].map((n) => node(`w${zone}${n}`, zone, 0)));
  const pods = Array.from({ length: 3_000 }, (_, n) =>
    pod(`web-${String(n % 30)}`, `wa${String((n % 2) + 1)}`, 100 + n),
  );
  return [...nodes, deployment('web', 30, 0), budget('web', 4, 0), ...pods, ...flaps(), ...renewals()];
}

const names = Array.from({ length: 30 }, (_, n) => `web-${String(n)}`);

/** A pod that is not Ready for 2 s, every 4 s, and its endpoint 200 ms later each time. */
function flaps(): HistoryEvent[] {
  const slices = names.flatMap((name, n) =>
    n % 10 === 0 ? [slice(`web-${name}`, 3_200, names.slice(n, n + 10))] : [],
  );
  const changes = Array.from({ length: lengthMs / 4_000 - 2 }, (_, n) => {
    const atMs = 4_000 + n * 4_000;
    const at = n % 30;
    const first = at - (at % 10);
    const name = names[at] ?? '';
    const others = names.slice(first, first + 10).filter((one) => one !== name);
    return [
      pod(name, 'wa1', atMs, { ready: false }),
      slice(`web-web-${String(first)}`, atMs + 200, others),
      pod(name, 'wa1', atMs + 2_000),
      slice(`web-web-${String(first)}`, atMs + 2_200, names.slice(first, first + 10)),
    ];
  });
  return [
    service('web', 3_100),
    ...slices,
    ...changes.flat(),
    pod('db-0', 'wa1', 0, { labels: { app: 'db' }, ownerKind: 'StatefulSet', ownerName: 'db' }),
  ];
}

/** Two leases of leader election, renewed every 2 s. */
function renewals(): HistoryEvent[] {
  return ['kube-scheduler', 'kube-controller-manager'].flatMap((name) =>
    Array.from({ length: lengthMs / 2_000 }, (_, n) => {
      const renewTime = new Date(n * 2_000).toISOString();
      const value = { holder: 'cp1', renewTime, acquireTime: renewTime, transitions: 0, durationSeconds: 15 };
      return state('Lease', name, n * 2_000, value, { namespace: 'kube-system' });
    }),
  );
}

const events = history(
  fault({ injectingMs: 599_900, feltMs: 600_100, healedMs: 660_000 }),
  load(),
  operations(),
  collections(),
  states(),
);
const specs: readonly GuaranteeSpec[] = [
  rto({ under: '60s' }),
  apiRto({ under: '10s' }),
  rpo({ lost: 0 }),
  pdbHonoured(),
  topologySpread({ within: '60s' }),
  endpointsConverge({ under: '5s' }),
  leaderHandover(),
  noDuplicateOrdinal(),
  noRestartStorm(),
  cleanReturn({ within: '60s' }),
  errorBudget({ objective: 90 }),
  zeroFailures(),
  latencyUnder({ under: '250ms' }),
  blastRadius({ errors: '50%', outside: 'nodeport-a' }),
  capacityRto({ under: '60s', workload: 'web*' }),
  setComplete(),
  appendOrder(),
];

let totalMs = 0;
for (const { guarantee: name, params } of specs) {
  const guarantee = guarantees.find((one) => one.name === name);
  if (guarantee === undefined) throw new Error(`no guarantee ${name}`);
  const startMs = performance.now();
  const { status } = guarantee.judge(events, guarantee.params(params));
  const tookMs = performance.now() - startMs;
  totalMs += tookMs;
  console.log(`${name.padEnd(20)} ${tookMs.toFixed(0).padStart(5)} ms  ${status}`);
}
console.log(`${'all'.padEnd(20)} ${totalMs.toFixed(0).padStart(5)} ms  ${String(events.length)} events`);
