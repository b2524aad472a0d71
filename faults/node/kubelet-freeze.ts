import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { askLocal, kubeletHealth, tellAnswer } from '../shared/http-answer.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, nodeParams, planNode, type NodeParams, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf, resumeScript, signalProcess } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';

const name = 'kubelet-freeze';

/** A frozen kubelet keeps its connections and says nothing: only its silence shows. */
export const kubeletFreeze: Fault<NodeParams, NodePlan> = {
  name,
  summary: "Freezes a node's kubelet (SIGSTOP) while its pods go on serving.",
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: planNode,
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The kubelet of ${nameWithZone(plan)} is frozen and no longer renews its lease. Its pods go on serving; held for longer ` +
    'than the node monitor grace period, the node becomes NotReady and its endpoints are withdrawn although they work.',
  leashes: ({ node }) => [{ on: { node }, undo: resumeScript('kubelet') }],
  inject: async ({ cluster, signal }, { node }) => {
    await signalProcess(cluster.node(node), 'kubelet', 'STOP', signal);
  },
  proveActive: proveFrozen,
  heal: async ({ cluster, signal }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', resumeScript('kubelet')], { signal, timeoutMs: 15_000 });
  },
  proveGone: async (context, { node }) => {
    const { cluster, signal } = context;
    await prove('fault-not-gone', `the kubelet of ${node} to run`, { withinMs: 15_000, signal }, async () => {
      const states = (await processesOf(cluster.node(node), 'kubelet', signal)).map(({ state }) => state);
      return states.length > 0 && !states.includes('T')
        ? yes(undefined)
        : notYet(`its state is ${states.join() || 'none'}`);
    });
    return proveNodeBack(context, node);
  },
};

async function proveFrozen({ cluster, signal }: FaultContext, { node }: NodePlan): Promise<string> {
  const shell = cluster.node(node);
  const options = { withinMs: 15_000, everyMs: 100, signal };
  return prove('fault-not-active', `the kubelet of ${node} to be frozen`, options, async () => {
    const [process] = await processesOf(shell, 'kubelet', signal);
    if (process?.state !== 'T') return notYet(`its process is in state ${process?.state ?? 'none'}`);
    const answer = await askLocal(shell, kubeletHealth.port, kubeletHealth.path, signal);
    if ('status' in answer || answer.none !== 'silent') return notYet(`its health port ${tellAnswer(answer)}`);
    return yes(`the kubelet of ${node} is in state T and its health port gives no answer within 1 s`);
  });
}
