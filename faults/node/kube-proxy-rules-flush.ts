import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { endpointRules, nodeThatReaches, planProxy, proveProxyBack, type ProxyPlan } from '../shared/kube-proxy.ts';
import { flushRulesScript, restoreRulesScript } from '../shared/nat-rules.ts';
import { nameWithZone, nodeParams, type NodeParams } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { reach } from '../shared/reach.ts';

const name = 'kube-proxy-rules-flush';

type Plan = ProxyPlan & {
  /** A node with rules of its own, which must reach the Service at the same moment. */
  readonly other: string;
};

/**
 * As a firewall that is reloaded beside Kubernetes does. kube-proxy does not notice: its canary chain stays, and it
 * writes all rules again only once an hour or when it starts.
 */
export const kubeProxyRulesFlush: Fault<NodeParams, Plan> = {
  name,
  summary: "Empties a node's KUBE-* chains of the nat table: no Service is reached through it on a new connection.",
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const plan = await planProxy(context, params);
    return { ...plan, other: await nodeThatReaches(context, plan) };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The rules of ${nameWithZone(plan)} that turn Service addresses into pods are flushed: new connections through it, from its pods ` +
    'and to its node ports, reach nothing. Connections that the kernel already tracks go on, and pods are still reached by their own addresses.',
  leashes: ({ node }, mark) => [{ on: { node }, undo: restoreRulesScript(mark) }],
  inject: async ({ cluster, signal, mark }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', flushRulesScript(mark)], { signal, timeoutMs: 30_000 });
  },
  proveActive: proveFlushed,
  heal: async ({ cluster, signal, mark }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', restoreRulesScript(mark)], { signal, timeoutMs: 30_000 });
  },
  proveGone: proveProxyBack,
};

async function proveFlushed({ cluster, signal }: FaultContext, { node, other, service }: Plan): Promise<string> {
  const shell = cluster.node(node);
  const { address, port } = service;
  const options = { withinMs: 15_000, everyMs: 200, signal };
  return prove('fault-not-active', `${node} to reach no Service`, options, async () => {
    const [victim, control] = await Promise.all([
      reach(shell, address, port, signal),
      reach(cluster.node(other), address, port, signal),
    ]);
    if (control !== 'open') return notYet(`${other} does not reach ${address} either (${control})`);
    const rules = await endpointRules(shell, signal);
    const saw = `${address}:${String(port)} is ${victim} to ${node}, which has ${String(rules)} rules to endpoints`;
    return victim === 'open' ? notYet(saw) : yes(`${saw}, while ${other} reaches it`);
  });
}
