import type { BudgetState } from '../../model/objects.ts';
import type { KubeObject } from '../object.ts';
import { reduceSelector, type RawSelector } from './selector.ts';

interface RawBudget extends KubeObject {
  readonly spec?: {
    readonly selector?: RawSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly currentHealthy?: number;
    readonly desiredHealthy?: number;
    readonly expectedPods?: number;
  };
}

export function reduceBudget(object: KubeObject): BudgetState {
  const { spec, status } = object as RawBudget;
  return {
    selector: reduceSelector(spec?.selector),
    minAvailable: spec?.minAvailable ?? null,
    maxUnavailable: spec?.maxUnavailable ?? null,
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
    currentHealthy: status?.currentHealthy ?? 0,
    desiredHealthy: status?.desiredHealthy ?? 0,
    expectedPods: status?.expectedPods ?? 0,
  };
}
