import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { countTaken, giveBackScript, poolOf, takeScript, type AddressPool } from '../shared/host-local.ts';
import { nameWithZone, nodeParams, planNode, type NodeParams, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { removeTrialPods, withTrialPod } from '../shared/trial-pod.ts';

const name = 'ip-exhaustion';
type Plan = NodePlan & { readonly pool: AddressPool };

/** The scheduler does not count addresses: it goes on sending pods to a node that has none. */
export const ipExhaustion: Fault<NodeParams, Plan> = {
  name,
  summary: "Takes all free addresses of a node's pod network: no new pod starts there, running ones go on.",
  needs: ['node-shell'],
  minimumHoldMs: 10_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const target = await planNode(context, params);
    return { ...target, pool: await poolOf(context.cluster.node(target.node), context.signal) };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `No address is left for new pods on ${nameWithZone(plan)}: they stay in ContainerCreating (FailedCreatePodSandBox), although the ` +
    'node is Ready and the scheduler goes on choosing it. Running pods keep their addresses.',
  leashes: ({ node, pool }, mark) => [{ on: { node }, undo: giveBackScript(pool, mark) }],
  inject: async ({ cluster, mark, signal }, { node, pool }) => {
    await cluster.node(node).exec(['sh', '-c', takeScript(pool, mark)], { signal, timeoutMs: 30_000 });
  },
  proveActive: proveExhausted,
  heal: async (context, { node, pool }) => {
    const { cluster, mark, signal } = context;
    await cluster.node(node).exec(['sh', '-c', giveBackScript(pool, mark)], { signal, timeoutMs: 30_000 });
    await removeTrialPods(context, ['a', 'b']);
  },
  proveGone: proveFree,
};

async function proveExhausted(context: FaultContext, { node, pool }: Plan): Promise<string> {
  const { cluster, mark, signal } = context;
  return withTrialPod(context, node, 'a', async (trial) => {
    const options = { withinMs: 30_000, everyMs: 300, signal };
    return prove('fault-not-active', `a new pod on ${node} to get no address`, options, async () => {
      const address = await trial.address();
      if (address !== null) return notYet(`it got ${address}`);
      const refusal = await trial.refusal();
      if (refusal === null) return notYet('the kubelet has said nothing yet');
      if (!/no IP addresses available/i.test(refusal)) return notYet(refusal.slice(-200));
      const { ours, all } = await countTaken(cluster.node(node), pool, mark, signal);
      return yes(
        `a new pod on ${node} fails with FailedCreatePodSandBox (no IP addresses available); ${String(ours)} of ${String(all)} taken addresses are ours`,
      );
    });
  });
}

async function proveFree(context: FaultContext, { node, pool }: Plan): Promise<string> {
  const { cluster, mark, signal } = context;
  return withTrialPod(context, node, 'b', async (trial) => {
    const options = { withinMs: 60_000, everyMs: 300, signal };
    return prove('fault-not-gone', `a new pod on ${node} to get an address`, options, async () => {
      const { ours } = await countTaken(cluster.node(node), pool, mark, signal);
      if (ours > 0) return notYet(`${String(ours)} addresses are still ours`);
      const address = await trial.address();
      return address === null
        ? notYet('it has none yet')
        : yes(`none of our files is left, and a new pod got ${address}`);
    });
  });
}
