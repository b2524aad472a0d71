import type { Random } from '../../model/fault.ts';
import type { OpEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';

/** What a history that was made up is to be like. */
export interface RandomHistory {
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  /** How many different values are written; null for a new one each time. */
  readonly values: number | null;
  /** The share of operations without an answer, in percent. */
  readonly unknownPercent: number;
}

interface Planned {
  readonly client: string;
  readonly action: OpEvent['action'];
  readonly key: string;
  readonly value: Json;
  readonly expected: Json;
  readonly startMs: number;
  readonly endMs: number;
  readonly answered: boolean;
  /** When it takes effect on the true register; null for never. */
  readonly effectMs: number | null;
}

/** The latest that an operation without an answer takes effect after its client gave up, in milliseconds. */
const lateMs = 400;

/**
 * A history of true registers, which every operation reaches at one instant between its start and its answer. One without
 * an answer does so then, later, or never. Linearizable by the way in which it is made.
 */
export function randomHistory(random: Random, wanted: RandomHistory): OpEvent[] {
  const planned = plan(random, wanted);
  const effects = planned
    .filter((each): each is Planned & { effectMs: number } => each.effectMs !== null)
    .sort((a, b) => a.effectMs - b.effectMs);
  const registers = new Map<string, Json>();
  const seen = new Map<Planned, { readonly value: Json; readonly failed: boolean }>();
  for (const operation of effects) {
    const there = registers.get(operation.key) ?? null;
    const failed = operation.action === 'cas' && there !== operation.expected;
    if (operation.action !== 'read' && !failed) registers.set(operation.key, operation.value);
    seen.set(operation, { value: operation.action === 'read' ? there : operation.value, failed });
  }
  return planned.map((each) => eventOf(each, seen.get(each)));
}

function plan(random: Random, { operations, clients, keys, values, unknownPercent }: RandomHistory): Planned[] {
  const freeMs = Array.from({ length: clients }, () => random.below(20));
  const latest = new Map<string, number>();
  let fresh = 0;
  return Array.from({ length: operations }, () => {
    const client = freeMs.indexOf(Math.min(...freeMs));
    const startMs = (freeMs[client] ?? 0) + random.below(8);
    const endMs = startMs + 1 + random.below(30);
    freeMs[client] = endMs;
    const key = `k${String(random.below(keys))}`;
    const action = random.pick(['read', 'read', 'write', 'cas'] as const);
    const answered = random.below(100) >= unknownPercent;
    const value = values === null ? (fresh += 1) : 1 + random.below(values);
    // A cas that guesses among many values would never succeed: it demands what was written last.
    const expected = values === null ? (latest.get(key) ?? null) : 1 + random.below(values);
    if (action !== 'read') latest.set(key, value);
    const effectMs = answered
      ? startMs + random.below(endMs - startMs + 1)
      : random.pick([null, startMs + random.below(lateMs)]);
    return { client: `c${String(client)}`, action, key, value, expected, startMs, endMs, answered, effectMs };
  });
}

function eventOf(planned: Planned, seen: { readonly value: Json; readonly failed: boolean } | undefined): OpEvent {
  const { client, action, key, startMs, endMs, answered } = planned;
  const failed = seen?.failed === true;
  return {
    kind: 'op',
    client,
    target: 'random',
    action,
    key,
    value: action === 'read' ? (seen?.value ?? null) : planned.value,
    ...(action === 'cas' ? { expected: planned.expected } : {}),
    startMs,
    endMs,
    outcome: answered ? (failed ? 'failed' : 'ok') : 'unknown',
  };
}

/** The history with another value in one of its answered reads: it may be linearizable still. */
export function withWrongRead(random: Random, history: readonly OpEvent[], value: Json): OpEvent[] {
  const reads = history.filter(({ action, outcome }) => action === 'read' && outcome === 'ok');
  if (reads.length === 0) return [...history];
  const wrong = random.pick(reads);
  return history.map((event) => (event === wrong ? { ...event, value } : event));
}
