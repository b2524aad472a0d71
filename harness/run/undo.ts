import { isTransient } from '../kube/index.ts';
import type { Fault, FaultContext } from '../model/fault.ts';
import type { Json } from '../model/json.ts';
import { eventually, yes } from '../util/eventually.ts';

/** Undoing has a budget of its own, whatever became of the run; in milliseconds. */
export const healBudgetMs = 180_000;
/** How long a step of the undoing may find no API server that answers: another fault may be in its way. */
const answerWithinMs = 60_000;

/**
 * Heals a fault and proves that it is gone. Both are safe to repeat, so what only found no API server that answers is tried again.
 * @returns the proof
 * @throws what the fault throws when something else is wrong, or when the API server gave no answer for a minute
 */
export async function undo(
  fault: Fault,
  context: FaultContext,
  plan: Json,
  onHealed: () => void = () => undefined,
): Promise<string> {
  const insist = <T>(what: string, act: () => Promise<T>): Promise<T> =>
    eventually(
      what,
      { withinMs: answerWithinMs, everyMs: 500, signal: context.signal, transient: isTransient },
      async () => yes(await act()),
    );
  await insist(`${fault.name} to be healed`, () => fault.heal(context, plan));
  onHealed();
  return insist(`the proof that ${fault.name} is gone`, () => fault.proveGone(context, plan));
}
