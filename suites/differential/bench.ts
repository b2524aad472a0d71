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
  { ...tenPercent, clients: 20, keys: 1, values: 5 },
];
const { limit } = linearizableGuarantee.params({}) as { readonly limit: number };

/** The last answered read finds what was never written: the worst place for a search that stops at the first error. */
function broken(history: readonly OpEvent[]): OpEvent[] {
  const last = history.findLastIndex(({ action, outcome }) => action === 'read' && outcome === 'ok');
  return history.map((event, index) => (index === last ? { ...event, value: 'never written' } : event));
}

function measure(history: readonly OpEvent[]): { readonly status: string; readonly tookMs: number; steps: number } {
  const startMs = performance.now();
  const { illegal, undecided, steps } = checkLinearizability(history, limit);
  const tookMs = performance.now() - startMs;
  return { status: illegal.length > 0 ? 'illegal' : undecided.length > 0 ? 'unknown' : 'linearizable', tookMs, steps };
}

const limitText = '30s';
await using porcupine = await Porcupine.build();
console.log(`linearizability: 10,000 operations, 10 % of them without an answer; porcupine stops after ${limitText}`);
for (const shape of shapes) {
  for (const change of [null, broken]) {
    const made = randomHistory(seeded(1), shape);
    const history = change === null ? made : change(made);
    const ours = measure(history);
    const [theirs] = await porcupine.judge([history], limitText);
    console.log(
      [
        `${String(shape.keys)} keys`.padEnd(8),
        `${String(shape.clients)} clients`.padEnd(11),
        `${shape.values === null ? 'new' : String(shape.values)} values`.padEnd(11),
        (change === null ? 'as made' : 'one wrong read').padEnd(15),
        `shakedown ${ours.status} ${ours.tookMs.toFixed(0)} ms (${String(ours.steps)} steps)`.padEnd(52),
        `porcupine ${theirs?.status ?? 'nothing'} ${theirs?.tookMs.toFixed(0) ?? '-'} ms`,
      ].join(' '),
    );
  }
}
