import type { Json } from '../../../harness/model/json.ts';
import type { Fault } from '../../../harness/model/fault.ts';

/** The same fault with an injector that says it worked and does nothing, as chaos tools in the field have been seen to. */
export function withoutInjecting(fault: Fault): Fault {
  return {
    name: fault.name,
    summary: fault.summary,
    needs: fault.needs,
    minimumHoldMs: fault.minimumHoldMs,
    params: (given: Json) => fault.params(given),
    obstacle: (facts, params) => fault.obstacle(facts, params),
    plan: (context, params) => fault.plan(context, params),
    targets: (plan) => fault.targets(plan),
    impact: (plan, facts) => fault.impact(plan, facts),
    leashes: (plan, mark) => fault.leashes(plan, mark),
    inject: () => Promise.resolve(),
    proveActive: (context, plan) => fault.proveActive(context, plan),
    heal: (context, plan) => fault.heal(context, plan),
    proveGone: (context, plan) => fault.proveGone(context, plan),
  };
}
