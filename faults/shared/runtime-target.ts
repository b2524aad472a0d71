import type { FaultContext } from '../../harness/model/fault.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { proveNodeBack } from './node-state.ts';
import { planNode, type NodeParams, type NodePlan } from './node-target.ts';
import { processesOf } from './processes.ts';
import { prove } from './prove.ts';
import { askRuntime, containersOf, identityOf, runtime } from './runtime.ts';

/** One node's container runtime, and what runs in it. */
export type RuntimePlan = NodePlan & {
  /** The start time of the runtime's process, in clock ticks since boot. */
  readonly startedAt: number;
  readonly containers: readonly string[];
};

/** @throws HarnessError `refused` when the node does not run exactly one containerd */
export async function planRuntime(context: FaultContext, params: NodeParams): Promise<RuntimePlan> {
  const { cluster, signal } = context;
  const target = await planNode(context, params);
  const shell = cluster.node(target.node);
  const [found, ...others] = await processesOf(shell, runtime.program, signal);
  if (found === undefined || others.length > 0) {
    const count = found === undefined ? 'no' : String(others.length + 1);
    throw new HarnessError('refused', `${target.node} runs ${count} ${runtime.program}, where one was expected`);
  }
  const containers = (await containersOf(shell, signal)).map(identityOf);
  return { ...target, startedAt: found.startedAt, containers };
}

/** The runtime runs and answers, and its kubelet reports the node Ready. @throws HarnessError `fault-not-gone` */
export async function proveRuntimeBack(context: FaultContext, node: string): Promise<string> {
  const { cluster, signal } = context;
  const shell = cluster.node(node);
  const options = { withinMs: 60_000, everyMs: 300, signal };
  await prove('fault-not-gone', `the runtime of ${node} to answer`, options, async () => {
    const states = (await processesOf(shell, runtime.program, signal)).map(({ state }) => state);
    if (states.length !== 1 || states.includes('T')) return notYet(`its state is ${states.join() || 'none'}`);
    const answer = await askRuntime(shell, signal);
    return answer === 'answers' ? yes(undefined) : notYet(`a client of it is ${answer}`);
  });
  return `the runtime of ${node} answers; ${await proveNodeBack(context, node)}`;
}
