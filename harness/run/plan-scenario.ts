import { HarnessError, messageOf } from '../model/errors.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Json } from '../model/json.ts';
import type { FaultStep, Scenario } from '../model/scenario.ts';
import { named, type Catalogue } from './catalogue.ts';
import { checkScenario } from './check-scenario.ts';
import { chooseTargets, clashesOf, stepName, type Known } from './foresee.ts';
import { obstacleOf } from './obstacle.ts';

export interface PlannedStep {
  readonly step: string;
  readonly fault: string;
  readonly from: string;
  /** Whether `from` begins at the end of the step before. */
  readonly following: boolean;
  readonly hold: string;
  /** Why it cannot run, or null. */
  readonly obstacle: string | null;
  readonly targets: readonly string[];
  readonly plan: Json;
  /** What is expected to be felt; without a cluster, that the targets are chosen from a live one. */
  readonly impact: string;
}

export interface ScenarioPlan {
  readonly scenario: string;
  readonly seed: number;
  readonly cluster: string | null;
  readonly promises: readonly string[];
  readonly steps: readonly PlannedStep[];
}

export interface PlanOptions {
  readonly seed?: number;
  /** A running cluster to choose the targets from. */
  readonly cluster?: string;
  readonly signal: AbortSignal;
}

/** Says what a run would do, with the targets that the seed chooses; changes nothing. */
export async function planScenario(
  scenario: Scenario,
  catalogue: Catalogue,
  options: PlanOptions,
): Promise<ScenarioPlan> {
  checkScenario(scenario, catalogue);
  const seed = options.seed ?? scenario.seed;
  const cluster =
    options.cluster === undefined
      ? null
      : await named('provider', scenario.cluster.provider, catalogue.providers).attach(options.cluster);
  const steps: PlannedStep[] = [];
  for (const [index, step] of scenario.faults.entries())
    steps.push(await planStep(stepName(index, step), step, { seed, cluster, catalogue, signal: options.signal }));
  const clashes = clashesOf(
    scenario.faults,
    steps.map(({ targets }) => targets),
  );
  const promises = scenario.guarantees.map(({ guarantee, params }) => {
    const judge = named('guarantee', guarantee, catalogue.guarantees);
    return judge.promise(judge.params(params));
  });
  return {
    scenario: scenario.name,
    seed,
    cluster: cluster?.facts.name ?? null,
    promises,
    steps: steps.map((step, at) => ({ ...step, obstacle: step.obstacle ?? clashes[at] ?? null })),
  };
}

async function planStep(
  name: string,
  step: FaultStep,
  { seed, cluster, catalogue, signal }: Omit<Known, 'cluster'> & { readonly cluster: Cluster | null },
): Promise<PlannedStep> {
  const fault = named('fault', step.fault, catalogue.faults);
  const params = fault.params(step.params);
  const known = { step: name, fault: fault.name, from: step.from, following: step.following ?? false, hold: step.hold };
  if (cluster === null) {
    return {
      ...known,
      obstacle: null,
      targets: [],
      plan: null,
      impact: `${fault.summary} The targets are chosen from the live cluster by the seed.`,
    };
  }
  const obstacle = obstacleOf(fault, cluster.facts, params);
  if (obstacle !== null) return { ...known, obstacle, targets: [], plan: null, impact: 'none: it cannot run here' };
  try {
    const { plan, targets } = await chooseTargets(name, step, { seed, cluster, catalogue, signal });
    return { ...known, obstacle, targets, plan, impact: fault.impact(plan, cluster.facts) };
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'refused') throw error;
    return { ...known, obstacle: messageOf(error), targets: [], plan: null, impact: 'none: it is refused' };
  }
}
