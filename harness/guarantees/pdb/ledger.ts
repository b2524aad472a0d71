import type { StateEvent } from '../../model/history.ts';
import { readPod } from '../../model/objects.ts';
import { matches } from '../../model/selector.ts';
import { ClusterState, isHealthy, type SeenPod } from '../replay/cluster-state.ts';
import { attribute, type Clues } from './attribute.ts';
import { isVoluntary, type Cause } from './causes.ts';
import { NodeTrouble } from './node-trouble.ts';
import { ScaleDowns } from './scale-downs.ts';

/** A ready pod that ceased to be one, set against one budget at that instant. */
export interface Removal {
  readonly atMs: number;
  readonly namespace: string;
  readonly pod: string;
  readonly node: string | null;
  readonly cause: Cause;
  readonly voluntary: boolean;
  /** The budget's name; null when none protects the pod. */
  readonly budget: string | null;
  /** Healthy pods that the budget's selector matches, before and after. */
  readonly healthyBefore: number;
  readonly healthyAfter: number;
  readonly desired: number;
  readonly event: StateEvent;
}

export interface BudgetSummary {
  readonly name: string;
  readonly namespace: string;
  /** The most pods that its selector matched at any time from the fault on. */
  mostMatched: number;
  /** The fewest healthy pods from the fault on. */
  lowestHealthy: number;
  desired: number;
  /** How many pods it counts; what its selector matched where the controller has not counted yet. */
  expected: number;
  /** Whether it allowed no disruption when the fault began although all its pods were healthy. */
  blocked: boolean;
}

export interface Ledger {
  readonly removals: readonly Removal[];
  readonly budgets: readonly BudgetSummary[];
}

/** Every removal of a ready pod from that time on, against every budget that matched the pod. */
export function keepLedger(events: readonly StateEvent[], fromMs: number, blindAt: Clues['blindAt']): Ledger {
  const clues: Clues = { nodes: new NodeTrouble(events), scaleDowns: new ScaleDowns(events), blindAt };
  const cluster = new ClusterState();
  const removals: Removal[] = [];
  const budgets = new Map<string, BudgetSummary>();
  let begun = false;
  for (const event of events) {
    if (!begun && event.atMs >= fromMs) {
      begun = true;
      watchBudgets(cluster, budgets);
    }
    const before = event.object === 'Pod' ? cluster.pods.get(event.uid) : undefined;
    cluster.apply(event);
    if (begun && (event.object === 'Pod' || event.object === 'PodDisruptionBudget')) watchBudgets(cluster, budgets);
    if (!begun || before === undefined || !isHealthy(before)) continue;
    const after = cluster.pods.get(event.uid) ?? null;
    if (after !== null && isHealthy(after)) continue;
    const last = after?.state ?? readPod(event.value);
    const cause = attribute(before, last, event.atMs, after === null, clues);
    removals.push(...against(cluster, before, cause, event));
  }
  if (!begun) watchBudgets(cluster, budgets);
  return { removals, budgets: [...budgets.values()] };
}

/** One entry for each budget that matches the pod, or one without a budget. */
function against(cluster: ClusterState, pod: SeenPod, cause: Cause, event: StateEvent): Removal[] {
  const protecting = [...cluster.budgets.values()].filter(
    ({ namespace, state }) => namespace === pod.namespace && matches(state.selector, pod.state.labels),
  );
  const entry = {
    atMs: event.atMs,
    namespace: pod.namespace,
    pod: pod.name,
    node: pod.state.node,
    cause,
    voluntary: isVoluntary(cause),
    event,
  };
  if (protecting.length === 0) return [{ ...entry, budget: null, healthyBefore: 0, healthyAfter: 0, desired: 0 }];
  return protecting.map((budget) => {
    const healthyAfter = matched(cluster, budget).filter(isHealthy).length;
    const { desired } = demandOf(cluster, budget);
    return { ...entry, budget: budget.name, healthyBefore: healthyAfter + 1, healthyAfter, desired };
  });
}

type Budget = ClusterState['budgets'] extends Map<string, infer T> ? T : never;

const matched = (cluster: ClusterState, { namespace, state }: Budget): SeenPod[] =>
  [...cluster.pods.values()].filter((pod) => pod.namespace === namespace && matches(state.selector, pod.state.labels));

/** What the budget asks for: the controller's own figure; a plain minAvailable until the controller has set it. */
function demandOf(cluster: ClusterState, budget: Budget): { readonly desired: number } {
  const { desiredHealthy, expectedPods, minAvailable } = budget.state;
  if (expectedPods === 0 && typeof minAvailable === 'number') return { desired: minAvailable };
  return { desired: desiredHealthy };
}

const isDeadlocked = ({ disruptionsAllowed, currentHealthy, expectedPods }: Budget['state']): boolean =>
  disruptionsAllowed === 0 && expectedPods > 0 && currentHealthy >= expectedPods;

function watchBudgets(cluster: ClusterState, summaries: Map<string, BudgetSummary>): void {
  for (const budget of cluster.budgets.values()) {
    const pods = matched(cluster, budget);
    const healthy = pods.filter(isHealthy).length;
    const { desired } = demandOf(cluster, budget);
    const summary = summaries.get(budget.uid);
    if (summary === undefined) {
      summaries.set(budget.uid, {
        name: budget.name,
        namespace: budget.namespace,
        mostMatched: pods.length,
        lowestHealthy: healthy,
        desired,
        expected: budget.state.expectedPods || pods.length,
        blocked: isDeadlocked(budget.state),
      });
      continue;
    }
    summary.mostMatched = Math.max(summary.mostMatched, pods.length);
    summary.lowestHealthy = Math.min(summary.lowestHealthy, healthy);
    summary.desired = desired;
    summary.expected = budget.state.expectedPods || pods.length;
  }
}
