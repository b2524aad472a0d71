import { z } from 'zod';

import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { chooseNode, choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { etcdView, etcdVoters } from '../shared/etcd-status.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { quorumSentence, refuseQuorumLoss } from '../shared/quorum.ts';
import { kubeletPort, reach } from '../shared/reach.ts';

const name = 'node-power-loss';
const schema = z.strictObject(nodeChoice);
type Params = z.output<typeof schema>;

type Plan = {
  readonly node: string;
  readonly address: string;
  readonly zone: string | null;
  /** A node that tries to reach the victim, and one that it must reach at the same moment. */
  readonly witness: string;
  readonly control: { readonly node: string; readonly address: string };
  /** What is left of etcd, for a control plane; empty for a worker. */
  readonly quorum: string;
  /** Gives the node its link and its power back, from the machine under it. */
  readonly restoreScript: string;
};

/**
 * The link goes first, then every process at once: killed alone, a node would still say goodbye with FIN and RST, which no
 * machine without power does.
 */
export const nodePowerLoss: Fault<Params, Plan> = {
  name,
  summary: 'Cuts a node off and switches it off, as a power failure would, and switches it on again.',
  needs: ['power', 'node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => {
    if (!facts.capabilities.includes('power')) return `The nodes of ${facts.name} cannot be switched off from outside.`;
    return choiceObstacle(facts, params);
  },
  plan: async (context, params) => {
    const { target, witness, control } = await chooseNode(context, params);
    const quorum = target.role === 'control-plane' ? await quorumWithout(context, target.name) : '';
    return {
      node: target.name,
      address: target.address,
      zone: target.zone,
      witness: witness.name,
      control: { node: control.name, address: control.address },
      quorum,
      restoreScript: context.cluster.power(target.name).restoreScript,
    };
  },
  targets: ({ node }) => [node],
  impact: ({ node, zone, quorum }) =>
    `${node}${zone === null ? '' : ` (${zone})`} loses its link and its power. Requests that reach its pods get no answer until ` +
    'the API marks it NotReady after the node monitor grace period and withdraws its endpoints; its pods are replaced when ' +
    `their tolerations end.${quorum === '' ? '' : ` ${quorum}.`}`,
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

/**
 * A machine without power does not even refuse: from a witness its kubelet's port is silent twice in a row, while the
 * witness reaches another node.
 */
async function proveSilent({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
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
