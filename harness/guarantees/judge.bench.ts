// How long all judges together take over a 30 min history at 200 samples/s: `node harness/guarantees/judge.bench.ts`.
import type { GuaranteeSpec } from '../model/guarantee.ts';
import type { HistoryEvent } from '../model/history.ts';
import { apiRto, guarantees, pdbHonoured, rpo, rto, topologySpread } from './index.ts';
import { between, budget, deployment, fault, history, node, pod, read, requests, write } from './testing/histories.ts';

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
  return [...nodes, deployment('web', 30, 0), budget('web', 4, 0), ...pods];
}

const events = history(
  fault({ injectingMs: 599_900, feltMs: 600_100, healedMs: 660_000 }),
  load(),
  operations(),
  states(),
);
const specs: readonly GuaranteeSpec[] = [
  rto({ under: '60s' }),
  apiRto({ under: '10s' }),
  rpo({ lost: 0 }),
  pdbHonoured(),
  topologySpread({ within: '60s' }),
];

let totalMs = 0;
for (const { guarantee: name, params } of specs) {
  const guarantee = guarantees.find((one) => one.name === name);
  if (guarantee === undefined) throw new Error(`no guarantee ${name}`);
  const startMs = performance.now();
  const { status } = guarantee.judge(events, guarantee.params(params));
  const tookMs = performance.now() - startMs;
  totalMs += tookMs;
  console.log(`${name.padEnd(16)} ${tookMs.toFixed(0).padStart(5)} ms  ${status}`);
}
console.log(`${'all'.padEnd(16)} ${totalMs.toFixed(0).padStart(5)} ms  ${String(events.length)} events`);
