import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { askLocal, kubeletHealth, tellAnswer } from '../shared/http-answer.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, nodeParams, planNode, type NodeParams, type NodePlan } from '../shared/node-target.ts';
import { powerObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { proveSilent } from '../shared/prove-silent.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';

const name = 'network-cut';
type Plan = NodePlan & { readonly restoreScript: string };

/** The node goes on running and does not know why nobody answers; its pods are alive twice once they are replaced. */
export const networkCut: Fault<NodeParams, Plan> = {
  name,
  summary: "Takes a node's network link away while everything on it goes on running.",
  needs: ['power', 'node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => powerObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const target = await planNode(context, { ...params });
    return { ...target, restoreScript: context.cluster.power(target.node).restoreScript };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `${nameWithZone(plan)} loses its network link and goes on running. Requests that reach its pods get no answer until the API ` +
    'marks it NotReady after the node monitor grace period; pods that are replaced meanwhile run twice until the link is back.',
  leashes: ({ restoreScript }) => [{ on: 'host', undo: restoreScript }],
  inject: async ({ cluster }, { node }) => cluster.power(node).cutLink(),
  proveActive: async (context, plan) => {
    const [silent, alive] = await Promise.all([proveSilent(context, plan), proveAlive(context, plan)]);
    return `${silent}; ${alive}`;
  },
  heal: async ({ cluster }, { node }) => cluster.power(node).restoreLink(),
  proveGone: async (context, { node }) => proveNodeBack(context, node),
};

/** Tells a cut link from a loss of power: on the node itself the kubelet answers. */
async function proveAlive({ cluster, signal }: FaultContext, { node }: Plan): Promise<string> {
  const { port, path } = kubeletHealth;
  return prove('fault-not-active', `${node} to go on running`, { withinMs: 10_000, signal }, async () => {
    const answer = await askLocal(cluster.node(node), port, path, signal);
    return 'status' in answer
      ? yes(`its kubelet goes on and answers there`)
      : notYet(`its kubelet ${tellAnswer(answer)}`);
  });
}
