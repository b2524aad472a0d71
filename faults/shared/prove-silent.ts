import type { FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import type { NodePlan } from './node-target.ts';
import { prove } from './prove.ts';
import { kubeletPort, reach } from './reach.ts';

/**
 * A machine without power or link does not even refuse: from a witness its kubelet's port is silent twice in a row, while
 * the witness reaches another node.
 * @throws HarnessError `fault-not-active`
 */
export async function proveSilent({ cluster, signal }: FaultContext, plan: NodePlan): Promise<string> {
  const witness = cluster.node(plan.witness);
  const control = plan.control.node === plan.witness ? '127.0.0.1' : plan.control.address;
  const what = `${plan.node} to be silent to ${plan.witness}`;
  return prove('fault-not-active', what, { withinMs: 15_000, everyMs: 100, stable: 2, signal }, async () => {
    const [victim, other] = await Promise.all([
      reach(witness, plan.address, kubeletPort, signal),
      reach(witness, control, kubeletPort, signal),
    ]);
    if (other !== 'open') return notYet(`${plan.witness} does not reach ${plan.control.node} either (${other})`);
    if (victim !== 'silent') return notYet(`port ${String(kubeletPort)} of ${plan.node} is ${victim}`);
    return yes(
      `${plan.witness} gets no answer from ${plan.node} (${plan.address}) while it reaches ${plan.control.node}`,
    );
  });
}
