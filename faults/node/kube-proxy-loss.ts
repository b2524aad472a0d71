import { formatMs } from '../../harness/model/duration.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { askLocal, tellAnswer } from '../shared/http-answer.ts';
import {
  endpointRules,
  nodeThatReaches,
  planProxy,
  proveProxyBack,
  proxyHealth,
  proxyProgram,
  type ProxyPlan,
} from '../shared/kube-proxy.ts';
import { nameWithZone, nodeParams, type NodeParams } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';
import { reach } from '../shared/reach.ts';
import { hasServiceScript, startServiceScript, stopServiceScript } from '../shared/service.ts';
import { removeTrialServices, withTrialService } from '../shared/trial-service.ts';

const name = 'kube-proxy-loss';

type Plan = ProxyPlan & {
  /** A worker whose kube-proxy writes what is new, while the victim's does not. */
  readonly other: string;
};

/** The kernel goes on with the rules that it has: that is what makes the loss hard to notice. */
export const kubeProxyLoss: Fault<NodeParams, Plan> = {
  name,
  summary: "Stops a node's kube-proxy: the rules that are there go on working, and grow old.",
  needs: ['node-shell'],
  minimumHoldMs: 8_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const plan = await planProxy(context, params);
    const options = { signal: context.signal, timeoutMs: 10_000, allowFailure: true };
    const { exitCode } = await context.cluster
      .node(plan.node)
      .exec(['sh', '-c', hasServiceScript(proxyProgram)], options);
    if (exitCode !== 0)
      throw new HarnessError('refused', `${plan.node} runs kube-proxy as no service of its own (runit or systemd)`);
    return { ...plan, other: await nodeThatReaches(context, plan) };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The kube-proxy of ${nameWithZone(plan)} is stopped. Services go on through the rules that are there; an endpoint that comes or goes ` +
    'meanwhile is not programmed on this node, so requests through it may reach pods that are gone.',
  leashes: ({ node }) => [{ on: { node }, undo: startServiceScript(proxyProgram) }],
  inject: async ({ cluster, signal }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', stopServiceScript(proxyProgram)], { signal, timeoutMs: 30_000 });
  },
  proveActive: async (context, plan) => `${await proveStopped(context, plan)}; ${await proveStale(context, plan)}`,
  heal: async (context, { node }) => {
    const { cluster, signal } = context;
    await cluster.node(node).exec(['sh', '-c', startServiceScript(proxyProgram)], { signal, timeoutMs: 30_000 });
    await removeTrialServices(context, ['a', 'b']);
  },
  proveGone: async (context, plan) => `${await proveProxyBack(context, plan)}; ${await proveFollows(context, plan)}`,
};

async function proveStopped({ cluster, signal }: FaultContext, { node, service }: ProxyPlan): Promise<string> {
  const shell = cluster.node(node);
  const options = { withinMs: 15_000, everyMs: 200, signal };
  return prove('fault-not-active', `kube-proxy of ${node} to be stopped`, options, async () => {
    const left = await processesOf(shell, proxyProgram, signal);
    if (left.length > 0) return notYet(`process ${String(left[0]?.pid)} still runs`);
    const answer = await askLocal(shell, proxyHealth.port, proxyHealth.path, signal);
    if ('status' in answer || answer.none !== 'refused') return notYet(`its health port ${tellAnswer(answer)}`);
    const rules = await endpointRules(shell, signal);
    const through = await reach(shell, service.address, service.port, signal);
    return yes(
      `${node} runs no kube-proxy and its health port refuses; its ${String(rules)} rules to endpoints are still there, ` +
        `and ${service.address}:${String(service.port)} is ${through} through them`,
    );
  });
}

/**
 * What the loss means: a Service that is new since then is reached through the other node's rules, and not through the
 * victim's. Looked at twice, which is longer than a kube-proxy takes that is only late.
 */
async function proveStale(context: FaultContext, { node, other }: Plan): Promise<string> {
  const { cluster, signal } = context;
  return withTrialService(context, 'a', (trial) => {
    const options = { withinMs: 30_000, everyMs: 500, stable: 2, signal };
    return prove('fault-not-active', `what is new not to be written on ${node}`, options, async () => {
      const { address, port } = await trial.address();
      const [victim, control] = await Promise.all(
        [node, other].map((each) => reach(cluster.node(each), address, port, signal)),
      );
      const saw = `a new Service (${address}) is ${victim ?? 'unknown'} to ${node}`;
      if (control !== 'open') return notYet(`${other} does not reach the new Service either`);
      return victim === 'open' ? notYet(saw) : yes(`${saw}, while ${other} reaches it`);
    });
  });
}

/** A Service comes and goes, and the node writes both. */
async function proveFollows(context: FaultContext, { node }: Plan): Promise<string> {
  const { cluster, signal } = context;
  const startMs = context.now();
  return withTrialService(context, 'b', async (trial) => {
    const is = async (wanted: boolean): Promise<string> =>
      prove('fault-not-gone', `${node} to write what changes`, { withinMs: 60_000, everyMs: 200, signal }, async () => {
        const { address, port } = await trial.address();
        const victim = await reach(cluster.node(node), address, port, signal);
        const saw = `a Service that is ${wanted ? 'new' : 'deleted'} is ${victim} to it`;
        return (victim === 'open') === wanted ? yes(saw) : notYet(saw);
      });
    const came = await is(true);
    await trial.remove();
    return `${came}, ${await is(false)}, all within ${formatMs(context.now() - startMs)}`;
  });
}
