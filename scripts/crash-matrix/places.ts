import type { Cluster } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Json } from '../../harness/model/json.ts';
import type { Catalogue } from '../../harness/run/index.ts';
import { chooseTargets, stepName } from '../../harness/run/foresee.ts';
import type { Fit } from './trial-queue.ts';
import { elsewhere, stepOf, type Trial } from './trials.ts';

/** Where a trial acts, and every word of its plan: what a victim is looked at from, and the pods that show it, are in it, too. */
interface Places {
  readonly targets: readonly string[];
  readonly said: ReadonlySet<string>;
}

/** What is more than nodes and pods (a namespace, a Deployment) may be in the way of whatever comes back. */
const isBroad = ({ targets }: Places, nodes: readonly string[]): boolean =>
  targets.some((target) => !nodes.includes(target) && !target.startsWith('pod '));

/** A pod is a target with its namespace, and is spoken of by its name. */
const actsOn = (one: Places, other: Places): boolean =>
  one.targets.some((target) => other.targets.includes(target) || other.said.has(target.split('/').at(-1) ?? target));

/** So many choices of targets are looked at before a trial is left for another group: each costs a plan. */
const choices = 3;

/** Trials fit when each acts on nodes or pods, and none on what another one acts on or looks from. */
export function fitOn(cluster: Cluster, catalogue: Catalogue, signal: AbortSignal): Fit {
  const nodes = cluster.facts.nodes.map(({ name }) => name);
  const known = new Map<string, Places | null>();
  const places = async (trial: Trial): Promise<Places | null> => {
    const key = `${trial.id} ${String(trial.seed)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = await placesOf(trial, cluster, catalogue, signal);
    known.set(key, found);
    return found;
  };
  const isCompany = (one: Places | null): one is Places => one !== null && !isBroad(one, nodes);
  return async (group, trial) => {
    const others = await Promise.all(group.map(places));
    if (!others.every(isCompany)) return null;
    let choice = trial;
    for (let looked = 0; looked < choices; looked += 1) {
      const mine = await places(choice);
      if (!isCompany(mine)) return null;
      if (others.every((other) => !actsOn(mine, other) && !actsOn(other, mine))) return choice;
      choice = elsewhere(choice);
    }
    return null;
  };
}

/** Null when the fault refuses: it is tried by itself, and says why. */
async function placesOf(
  trial: Trial,
  cluster: Cluster,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<Places | null> {
  const step = stepOf(trial);
  try {
    const known = { seed: trial.seed, cluster, catalogue, signal };
    const { plan, targets } = await chooseTargets(stepName(0, step), step, known);
    return { targets, said: wordsOf(plan) };
  } catch (error) {
    if (error instanceof HarnessError) return null;
    throw error;
  }
}

/** Every text in it, keys included. */
function wordsOf(value: Json): ReadonlySet<string> {
  if (typeof value === 'string') return new Set([value]);
  if (typeof value !== 'object' || value === null) return new Set();
  const parts = Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)];
  return new Set(parts.flatMap((part: Json) => [...wordsOf(part)]));
}
