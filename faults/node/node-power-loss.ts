import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { etcdView, etcdVoters } from '../shared/etcd-status.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, nodeParams, planNode, type NodeParams, type NodePlan } from '../shared/node-target.ts';
import { powerObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { proveSilent } from '../shared/prove-silent.ts';
import { quorumSentence, refuseQuorumLoss } from '../shared/quorum.ts';

const name = 'node-power-loss';

type Plan = NodePlan & {
  /** What is left of etcd, for a control plane; empty for a worker. */
  readonly quorum: string;
  /** Gives the node its link and its power back, from the machine under it. */
  readonly restoreScript: string;
};

/**
 * The link goes first, then every process at once: killed alone, a node would still say goodbye with FIN and RST, which no
 * machine without power does.
 */
export const nodePowerLoss: Fault<NodeParams, Plan> = {
  name,
  summary: 'Cuts a node off and switches it off, as a power failure would, and switches it on again.',
  needs: ['power', 'node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => powerObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const target = await planNode(context, params);
    const role = context.cluster.facts.nodes.find((each) => each.name === target.node)?.role;
    return {
      ...target,
      quorum: role === 'control-plane' ? await quorumWithout(context, target.node) : '',
      restoreScript: context.cluster.power(target.node).restoreScript,
    };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `${nameWithZone(plan)} loses its link and its power. Requests that reach its pods get no answer until the API marks it ` +
    'NotReady after the node monitor grace period and withdraws its endpoints; its pods are replaced when their tolerations ' +
    `end.${plan.quorum === '' ? '' : ` ${plan.quorum}.`}`,
  leashes: ({ restoreScript }) => [{ on: 'host', undo: restoreScript }],
  inject: async ({ cluster }, { node }) => {
    const power = cluster.power(node);
    await power.cutLink();
    await power.off();
  },
  proveActive: proveSilent,
  heal: async ({ cluster }, { node }) => {
    const power = cluster.power(node);
    await power.restoreLink();
    await power.on();
  },
  proveGone: async (context, { node }) => proveNodeBack(context, node),
};

async function quorumWithout({ cluster, signal }: FaultContext, node: string): Promise<string> {
  if (cluster.facts.etcd === null) return '';
  const view = await etcdView(cluster, signal);
  return quorumSentence(refuseQuorumLoss(view, await etcdVoters(cluster, view, signal), [node]));
}
