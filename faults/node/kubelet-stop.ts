import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { askLocal, kubeletHealth, tellAnswer } from '../shared/http-answer.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, nodeParams, planNode, type NodeParams, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';
import { startServiceScript, stopServiceScript } from '../shared/service.ts';

const name = 'kubelet-stop';

/** Through the supervisor, which would start a killed kubelet again within a second. */
export const kubeletStop: Fault<NodeParams, NodePlan> = {
  name,
  summary: "Stops a node's kubelet through its supervisor while its pods go on serving.",
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: planNode,
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The kubelet of ${nameWithZone(plan)} is stopped and no longer renews its lease. Its pods go on serving, but nothing restarts ` +
    'them and no probe runs; after the node monitor grace period the node becomes NotReady and its endpoints are withdrawn.',
  leashes: ({ node }) => [{ on: { node }, undo: startServiceScript('kubelet') }],
  inject: async ({ cluster, signal }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', stopServiceScript('kubelet')], { signal, timeoutMs: 30_000 });
  },
  proveActive: proveStopped,
  heal: async ({ cluster, signal }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', startServiceScript('kubelet')], { signal, timeoutMs: 30_000 });
  },
  proveGone: async (context, { node }) => proveNodeBack(context, node),
};

async function proveStopped({ cluster, signal }: FaultContext, { node }: NodePlan): Promise<string> {
  const shell = cluster.node(node);
  const options = { withinMs: 15_000, everyMs: 200, signal };
  return prove('fault-not-active', `the kubelet of ${node} to be stopped`, options, async () => {
    const left = await processesOf(shell, 'kubelet', signal);
    if (left.length > 0) return notYet(`process ${String(left[0]?.pid)} still runs`);
    const answer = await askLocal(shell, kubeletHealth.port, kubeletHealth.path, signal);
    if ('status' in answer || answer.none !== 'refused') return notYet(`its health port ${tellAnswer(answer)}`);
    return yes(`${node} has no process kubelet and its health port refuses connections`);
  });
}
