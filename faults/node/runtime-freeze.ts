import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { nameWithZone, nodeParams, type NodeParams } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf, resumeScript, signalProcess } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';
import { planRuntime, proveRuntimeBack, type RuntimePlan } from '../shared/runtime-target.ts';
import { askRuntime, containersOf, runtime, survivors, tellSurvivors } from '../shared/runtime.ts';

const name = 'runtime-freeze';

/** The kubelet's own call for the runtime's status hangs: that comes before, and reads differently from, a PLEG stall. */
export const runtimeFreeze: Fault<NodeParams, RuntimePlan> = {
  name,
  summary: "Freezes a node's container runtime (SIGSTOP) while its containers go on serving.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: planRuntime,
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The container runtime of ${nameWithZone(plan)} is frozen. Its ${String(plan.containers.length)} containers go on serving, but none ` +
    'starts or stops there and exec probes fail; held for longer than two minutes, the node becomes NotReady with ' +
    '"container runtime is down".',
  leashes: ({ node }) => [{ on: { node }, undo: resumeScript(runtime.program) }],
  inject: async ({ cluster, signal }, { node }) => {
    await signalProcess(cluster.node(node), runtime.program, 'STOP', signal);
  },
  proveActive: proveFrozen,
  heal: async ({ cluster, signal }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', resumeScript(runtime.program)], { signal, timeoutMs: 15_000 });
  },
  proveGone: async (context, { node }) => proveRuntimeBack(context, node),
};

async function proveFrozen({ cluster, signal }: FaultContext, { node, containers }: RuntimePlan): Promise<string> {
  const shell = cluster.node(node);
  const options = { withinMs: 20_000, everyMs: 100, signal };
  return prove('fault-not-active', `the runtime of ${node} to be frozen`, options, async () => {
    const [process] = await processesOf(shell, runtime.program, signal);
    if (process?.state !== 'T') return notYet(`its process is in state ${process?.state ?? 'none'}`);
    const answer = await askRuntime(shell, signal);
    if (answer !== 'silent') return notYet(`a client of it is ${answer}`);
    const running = await containersOf(shell, signal);
    if (containers.length > 0 && survivors(containers, running).length === 0) return notYet('no container goes on');
    return yes(
      `${runtime.program} of ${node} is in state T and gives a client no answer within 2 s, while ${tellSurvivors(containers, running)}`,
    );
  });
}
