import type { Cluster } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Json } from '../../harness/model/json.ts';
import type { Catalogue } from '../../harness/run/index.ts';
import { chooseTargets, stepName } from '../../harness/run/foresee.ts';
import type { Fits } from './trial-queue.ts';
import { stepOf, type Trial } from './trials.ts';

/** Where a trial acts, and every node that its plan speaks of: who looks at a victim from outside is in it, too. */
interface Places {
  readonly targets: readonly string[];
  readonly named: readonly string[];
}

/** What is more than nodes and pods (a namespace, a Deployment) may be in the way of whatever comes back. */
const isBroad = ({ targets }: Places, nodes: readonly string[]): boolean =>
  targets.some((target) => !nodes.includes(target) && !target.startsWith('pod '));

const actsOn = (one: Places, other: Places): boolean => one.targets.some((target) => other.named.includes(target));

/** Trials fit when each acts on nodes or pods, and none on what another one acts on or looks from. */
export function fitsOn(cluster: Cluster, catalogue: Catalogue, signal: AbortSignal): Fits {
  const nodes = cluster.facts.nodes.map(({ name }) => name);
  const known = new Map<Trial, Places | null>();
  const places = async (trial: Trial): Promise<Places | null> => {
    const before = known.get(trial);
    if (before !== undefined) return before;
    const found = await placesOf(trial, cluster, catalogue, signal);
    known.set(trial, found);
    return found;
  };
  return async (group, trial) => {
    const [mine, ...others] = await Promise.all([trial, ...group].map(places));
    const fits = (other: Places | null | undefined): other is Places => other != null && !isBroad(other, nodes);
    if (!fits(mine)) return false;
    return others.every((other) => fits(other) && !actsOn(mine, other) && !actsOn(other, mine));
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
    const said = wordsOf(plan);
    return { targets, named: [...targets, ...cluster.facts.nodes.flatMap(({ name }) => (said.has(name) ? name : []))] };
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
