import type { Operation } from './operation.ts';

/** An operation under way, and its bit in the configurations as long as it is. */
export interface UnderWay {
  readonly operation: Operation;
  readonly bit: bigint;
}

/** The answer of one operation, and what was under way then, itself included. */
export interface Answer extends UnderWay {
  readonly underWay: readonly UnderWay[];
}

/** A register's operations in the order of time. */
export interface Timeline {
  readonly answers: readonly Answer[];
  /** The operations that never end, each with the number of answers before its call. */
  readonly endless: readonly { readonly operation: Operation; readonly from: number }[];
}

interface Moment {
  readonly atMs: number;
  readonly operation: Operation;
  readonly isCall: boolean;
}

/** At the same time calls come first: operations that touch are taken as concurrent, which never accuses wrongly. */
function momentsOf(operations: readonly Operation[]): Moment[] {
  const calls = operations.map((operation) => ({ atMs: operation.startMs, operation, isCall: true }));
  const answers = operations
    .filter(({ endMs }) => endMs !== Infinity)
    .map((operation) => ({ atMs: Math.max(operation.startMs, operation.endMs), operation, isCall: false }));
  // Two infinities are compared first: their difference is no number.
  return [...calls, ...answers].sort((a, b) =>
    a.atMs === b.atMs ? Number(b.isCall) - Number(a.isCall) : a.atMs - b.atMs,
  );
}

/** @param most how many pairs of an answer and an operation under way are kept; the timeline ends where there are more */
export function timelineOf(operations: readonly Operation[], most: number): Timeline & { readonly whole: boolean } {
  const slots: (UnderWay | null)[] = [];
  const answers: Answer[] = [];
  const endless: { operation: Operation; from: number }[] = [];
  let pairs = 0;
  for (const { operation, isCall } of momentsOf(operations)) {
    if (operation.endMs === Infinity) endless.push({ operation, from: answers.length });
    else if (isCall) {
      const free = slots.indexOf(null);
      const slot = free === -1 ? slots.length : free;
      slots[slot] = { operation, bit: 1n << BigInt(slot) };
    } else {
      const underWay = slots.filter((each) => each !== null);
      const slot = slots.findIndex((each) => each?.operation === operation);
      answers.push({ operation, bit: 1n << BigInt(slot), underWay });
      slots[slot] = null;
      pairs += underWay.length;
      if (pairs > most) return { answers, endless, whole: false };
    }
  }
  return { answers, endless, whole: true };
}
