import type { Cluster } from '../model/cluster.ts';
import { formatMs, toMs } from '../model/duration.ts';
import { HarnessError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { FaultStep, Scenario } from '../model/scenario.ts';
import { seeded } from '../util/random.ts';
import { named, type Catalogue } from './catalogue.ts';

/** What the targets of a step are chosen from. */
export interface Known {
  readonly seed: number;
  readonly cluster: Cluster;
  readonly catalogue: Catalogue;
  readonly signal: AbortSignal;
}

/** The mark of a plan that is only looked at: no injection has it. */
export const foreseeMark = 'plan';

export const stepName = (index: number, { fault }: FaultStep): string => `${String(index + 1)}-${fault}`;

/** Plans a step as the run will; changes nothing. @throws HarnessError `refused` */
export async function chooseTargets(
  name: string,
  step: FaultStep,
  { seed, cluster, catalogue, signal }: Known,
): Promise<{ readonly plan: Json; readonly targets: readonly string[] }> {
  const fault = named('fault', step.fault, catalogue.faults);
  const random = seeded(seed).fork(name);
  const context = { cluster, signal, random, mark: foreseeMark, record: () => undefined, now: () => 0 };
  const plan = await fault.plan(context, fault.params(step.params));
  return { plan, targets: fault.targets(plan) };
}

/**
 * Plans every step before the first one, so that what is refused is refused while nothing is broken yet.
 * @throws HarnessError `refused` by a fault; `bad-input` when two steps would act on one target at the same time
 */
export async function foresee({ name, faults }: Pick<Scenario, 'name' | 'faults'>, known: Known): Promise<void> {
  const chosen: (readonly string[])[] = [];
  for (const [index, step] of faults.entries())
    chosen.push((await chooseTargets(stepName(index, step), step, known)).targets);
  const clash = clashesOf(faults, chosen).find((each) => each !== null);
  if (clash !== undefined) throw new HarnessError('bad-input', `scenario ${name}, field faults: ${clash}`);
}

/**
 * Of each step, the sentence that says with which earlier one it would share a target at the same time; null for none.
 * @param targets of each step
 */
export function clashesOf(
  faults: readonly FaultStep[],
  targets: readonly (readonly string[])[],
): readonly (string | null)[] {
  const times = timesOf(faults);
  return faults.map((step, index) => {
    for (const [before, earlier] of faults.slice(0, index).entries()) {
      const [mine, other] = [times[index], times[before]];
      const shared = targets[index]?.find((target) => targets[before]?.includes(target));
      if (mine === undefined || other === undefined || shared === undefined) continue;
      if (mine.fromMs >= other.toMs || other.fromMs >= mine.toMs) continue;
      return (
        `expected targets that no other step holds at the same time, found ${shared} in ${stepName(before, earlier)} ` +
        `(${formatMs(other.fromMs)} to ${formatMs(other.toMs)}) and in ${stepName(index, step)} (${formatMs(mine.fromMs)} to ${formatMs(mine.toMs)})`
      );
    }
    return null;
  });
}

/** When each step holds, at the earliest, from the moment at which the load is steady. */
function timesOf(faults: readonly FaultStep[]): readonly { readonly fromMs: number; readonly toMs: number }[] {
  let endMs = 0;
  return faults.map((step) => {
    const fromMs = toMs(step.from, 'from') + (step.following === true ? endMs : 0);
    endMs = fromMs + toMs(step.hold, 'hold');
    return { fromMs, toMs: endMs };
  });
}
