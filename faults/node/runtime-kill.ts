import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { nameWithZone, nodeParams, type NodeParams } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf, signalProcess } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';
import { planRuntime, proveRuntimeBack, type RuntimePlan } from '../shared/runtime-target.ts';
import { containersOf, runtime, survivors, tellSurvivors } from '../shared/runtime.ts';
import { startServiceScript } from '../shared/service.ts';

const name = 'runtime-kill';

/** Each container has a shim of its own, which outlives the runtime: that they go on is part of the proof. */
export const runtimeKill: Fault<NodeParams, RuntimePlan> = {
  name,
  summary: "Kills a node's container runtime (SIGKILL); its containers outlive it and its supervisor starts it again.",
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: planRuntime,
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The container runtime of ${nameWithZone(plan)} is killed; its supervisor starts it again after about a second. Its ` +
    `${String(plan.containers.length)} containers go on under their shims; none starts or stops until the runtime is back.`,
  leashes: ({ node }) => [{ on: { node }, undo: startServiceScript(runtime.program) }],
  inject: async ({ cluster, signal }, { node }) => {
    await signalProcess(cluster.node(node), runtime.program, 'KILL', signal);
  },
  proveActive: proveKilled,
  heal: async ({ cluster, signal }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', startServiceScript(runtime.program)], { signal, timeoutMs: 30_000 });
  },
  proveGone: async (context, { node }) => proveRuntimeBack(context, node),
};

async function proveKilled({ cluster, signal }: FaultContext, plan: RuntimePlan): Promise<string> {
  const { node, containers, startedAt } = plan;
  const shell = cluster.node(node);
  const options = { withinMs: 10_000, everyMs: 100, signal };
  return prove('fault-not-active', `the runtime of ${node} to be killed`, options, async () => {
    const processes = await processesOf(shell, runtime.program, signal);
    if (processes.some((process) => process.startedAt === startedAt)) return notYet('its process still runs');
    const running = await containersOf(shell, signal);
    if (containers.length > 0 && survivors(containers, running).length === 0) return notYet('no container goes on');
    return yes(
      `the process ${runtime.program} of ${node} that was there is gone, while ${tellSurvivors(containers, running)}`,
    );
  });
}
