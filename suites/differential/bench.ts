// Prints how long this checker and porcupine take for the same histories: node suites/differential/bench.ts
import { checkLinearizability } from '../../harness/guarantees/linearizability/check.ts';
import { randomHistory, type RandomHistory } from '../../harness/guarantees/linearizability/random-history.ts';
import { linearizableGuarantee } from '../../harness/guarantees/linearizable.ts';
import type { OpEvent } from '../../harness/model/history.ts';
import { seeded } from '../../harness/util/random.ts';
import { Porcupine } from './porcupine.ts';

const tenPercent = { operations: 10_000, unknownPercent: 10 } as const;
const shapes: readonly RandomHistory[] = [
  { ...tenPercent, clients: 10, keys: 10, values: null },
  { ...tenPercent, clients: 10, keys: 10, values: 5 },
  { ...tenPercent, clients: 5, keys: 1, values: null },
  { ...tenPercent, clients: 5, keys: 1, values: 5 },
  { ...tenPercent, clients: 10, keys: 1, values: null },
  { ...tenPercent, clients: 20, keys: 1, values: null },
  { ...tenPercent, clients: 20, keys: 1, values: 5 },
];
const { limit } = linearizableGuarantee.params({}) as { readonly limit: number };

/** The last answered read finds the first value that was written, which by then was overwritten hundreds of times. */
function stale(history: readonly OpEvent[]): OpEvent[] {
  const last = history.findLastIndex(({ action, outcome }) => action === 'read' && outcome === 'ok');
  const key = history[last]?.key;
  const first = history.find((event) => event.key === key && event.action === 'write' && event.outcome === 'ok');
  return history.map((event, index) => (index === last ? { ...event, value: first?.value ?? null } : event));
}

function measure(history: readonly OpEvent[]): { readonly status: string; readonly tookMs: number; steps: number } {
  const startMs = performance.now();
  const { illegal, undecided, steps } = checkLinearizability(history, limit);
  const tookMs = performance.now() - startMs;
  return { status: illegal.length > 0 ? 'illegal' : undecided.length > 0 ? 'unknown' : 'linearizable', tookMs, steps };
}

const limitText = '10s';
await using porcupine = await Porcupine.build();
console.log(`linearizability: 10,000 operations, 10 % of them without an answer; porcupine stops after ${limitText}`);
for (const shape of shapes) {
  const made = randomHistory(seeded(1), shape);
  // With few values an old one may well have come back: nothing stale can be planted for certain.
  for (const history of shape.values === null ? [made, stale(made)] : [made]) {
    const ours = measure(history);
    const [theirs] = await porcupine.judge([history], limitText);
    console.log(
      [
        `${String(shape.keys)} keys`.padEnd(8),
        `${String(shape.clients)} clients`.padEnd(11),
        `${shape.values === null ? 'new' : String(shape.values)} values`.padEnd(11),
        (history === made ? 'as made' : 'stale read').padEnd(10),
        `shakedown ${ours.status} ${ours.tookMs.toFixed(0)} ms (${String(ours.steps)} steps)`.padEnd(52),
        `porcupine ${theirs?.status ?? 'nothing'} ${theirs?.tookMs.toFixed(0) ?? '-'} ms`,
      ].join(' '),
    );
  }
}
