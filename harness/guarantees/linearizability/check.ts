import type { OpEvent } from '../../model/history.ts';
import { checkRegister } from './check-register.ts';
import { conflictOf, type Conflict } from './conflict.ts';
import { registersOf, type Operation, type Register } from './operation.ts';

export interface Linearizability {
  readonly keys: number;
  /** The operations that were put in order; failed ones, and reads without an answer, say nothing and are not among them. */
  readonly operations: number;
  /** The operations without an answer among them. */
  readonly indeterminate: number;
  /** Keys of which something was found that an order could contradict: a read, or a compare-and-set that succeeded. */
  readonly observedKeys: number;
  readonly blind: number;
  /** How much was searched; the same for the same history on any machine. */
  readonly steps: number;
  /** Keys for which no order exists. The conflict is null beyond the first few. */
  readonly illegal: readonly { readonly key: string; readonly conflict: Conflict | null }[];
  /** Keys whose search stopped at the limit, and the operation that it had reached. */
  readonly undecided: readonly { readonly key: string; readonly at: Operation | null }[];
}

/** Conflicts that are narrowed down: one convinces, and each takes a while. */
const mostConflicts = 3;

const isObserved = ({ operations }: Register): boolean =>
  operations.some(({ kind, endMs }) => kind !== 'write' && endMs !== Infinity);

/**
 * Whether the operations on each key, a register that is absent at first, have an order in which every answer is right
 * and no operation comes before one that was answered before it started.
 * @param limit how many steps to search at most, over all keys
 */
export function checkLinearizability(events: readonly OpEvent[], limit: number): Linearizability {
  const registers = registersOf(events);
  const illegal: { key: string; conflict: Conflict | null }[] = [];
  const undecided: { key: string; at: Operation | null }[] = [];
  let steps = 0;
  for (const register of registers) {
    const { key } = register;
    const result = checkRegister(register.operations, register.initial, Math.max(0, limit - steps));
    steps += result.steps;
    if (result.status === 'unknown') undecided.push({ key, at: result.at });
    if (result.status !== 'illegal' || result.at === null) continue;
    illegal.push({ key, conflict: illegal.length < mostConflicts ? conflictOf(register, result.at) : null });
  }
  const sum = (of: (register: Register) => number): number =>
    registers.reduce((total, register) => total + of(register), 0);
  return {
    keys: registers.length,
    operations: sum(({ operations }) => operations.length),
    indeterminate: sum(({ indeterminate }) => indeterminate),
    observedKeys: registers.filter(isObserved).length,
    blind: sum(({ blind }) => blind),
    steps,
    illegal,
    undecided,
  };
}
