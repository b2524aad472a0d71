import type { BudgetSummary, Removal } from './ledger.ts';

/** What there is to say of a budget; several may be true of one. */
export type BudgetFinding =
  | 'matches-nothing' // it protects no pod
  | 'over-budget' // the eviction API allowed what it should have refused
  | 'bypassed' // a delete, rollout, preemption or taint went past it
  | 'deadlocked' // it allows no disruption even with every pod healthy: a drain waits for ever
  | 'useless' // an involuntary loss left fewer healthy pods than it demands: no budget protects against that
  | 'honoured';

/** Whether a removal broke the promise: somebody's will left fewer healthy pods than a budget demands. */
export const breaks = (removal: Removal): boolean =>
  removal.budget !== null && removal.voluntary && removal.healthyAfter < removal.desired;

/** The findings about one budget, given all removals. `honoured` stands alone or beside `deadlocked` and `useless`. */
export function findingsOf(budget: BudgetSummary, removals: readonly Removal[]): readonly BudgetFinding[] {
  if (budget.mostMatched === 0) return ['matches-nothing'];
  const own = removals.filter((removal) => removal.budget === budget.name && removal.namespace === budget.namespace);
  const broken = own.filter(breaks);
  const findings: BudgetFinding[] = [];
  if (broken.some(({ cause }) => cause === 'eviction')) findings.push('over-budget');
  if (broken.some(({ cause }) => cause !== 'eviction')) findings.push('bypassed');
  if (findings.length === 0) findings.push('honoured');
  if (budget.blocked) findings.push('deadlocked');
  if (own.some(({ voluntary, healthyAfter, desired }) => !voluntary && healthyAfter < desired))
    findings.push('useless');
  return findings;
}
