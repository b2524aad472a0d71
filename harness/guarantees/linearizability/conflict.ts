import { checkRegister } from './check-register.ts';
import type { Operation, Register } from './operation.ts';

/** The operations that contradict each other: without the order or the effect of any of them there is no contradiction. */
export interface Conflict {
  /** The one whose answer fits no order. */
  readonly at: Operation;
  /** The others in the order of their starts; null when they could not be narrowed down within the limit. */
  readonly with: readonly Operation[] | null;
}

/** What is left of an operation when its time and its effect are not held against anyone: maybe, at some time. */
const weakened = (operation: Operation): Operation[] =>
  operation.kind === 'read' ? [] : [{ ...operation, startMs: -Infinity, endMs: Infinity }];

/** How the history looked when that operation was answered: what was answered later was still under way. */
function until({ operations }: Register, at: Operation): Operation[] {
  return operations
    .filter(({ startMs }) => startMs <= at.endMs)
    .flatMap((each) => {
      if (each.endMs <= at.endMs || each.endMs === Infinity) return [each];
      return each.kind === 'read' ? [] : [{ ...each, endMs: Infinity }];
    });
}

/** More attempts than that are not made to narrow a conflict down. */
const maxAttempts = 400;
/** Each attempt is a search of its own; one that is not decided by then counts as no contradiction. */
const attemptSteps = 50_000;

/** Weakens as many operations as possible while the rest is still contradictory: in ever smaller pieces, the oldest first. */
export function conflictOf(register: Register, at: Operation): Conflict {
  const history = until(register, at);
  let kept = history.filter((each) => each !== at && each.endMs !== Infinity).sort((a, b) => a.startMs - b.startMs);
  let attempts = 0;
  const contradicts = (strong: readonly Operation[]): boolean => {
    attempts += 1;
    const isStrong = new Set([at, ...strong]);
    const all = history.flatMap((each) => (isStrong.has(each) || each.endMs === Infinity ? [each] : weakened(each)));
    return checkRegister(all, register.initial, attemptSteps).status === 'illegal';
  };
  if (!contradicts(kept)) return { at, with: null };
  for (let size = Math.max(1, kept.length); ; size = size >> 1) {
    for (let from = 0; from < kept.length && attempts < maxAttempts;) {
      const rest = kept.toSpliced(from, size);
      if (contradicts(rest)) kept = rest;
      else from += size;
    }
    if (size <= 1) break;
  }
  return { at, with: attempts < maxAttempts ? kept : null };
}
