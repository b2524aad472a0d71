import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { askLocal, tellAnswer } from './http-answer.ts';
import { planNode, type NodeParams, type NodePlan } from './node-target.ts';
import { processesOf } from './processes.ts';
import { prove } from './prove.ts';
import { reach } from './reach.ts';
import { apiService, type ServiceAddress } from './services-of-cluster.ts';

/** Where kube-proxy says on the node itself that it is well, and when it last wrote its rules. */
export const proxyHealth = { port: 10_256, path: '/healthz' };
export const proxyProgram = 'kube-proxy';

/** One node whose kube-proxy is taken, and a Service that is reached through its rules. */
export type ProxyPlan = NodePlan & {
  readonly service: ServiceAddress;
  /** The start time of its process, in clock ticks since boot. */
  readonly startedAt: number;
};

/** @throws HarnessError `refused` when the node runs no kube-proxy, or its rules do not work beforehand */
export async function planProxy(context: FaultContext, params: NodeParams): Promise<ProxyPlan> {
  const { cluster, signal } = context;
  const target = await planNode(context, params);
  const shell = cluster.node(target.node);
  const [found, ...others] = await processesOf(shell, proxyProgram, signal);
  if (found === undefined || others.length > 0) {
    const count = found === undefined ? 'no' : String(others.length + 1);
    throw new HarnessError('refused', `${target.node} runs ${count} ${proxyProgram}, where one was expected`);
  }
  const service = await apiService(context);
  const before = await reach(shell, service.address, service.port, signal);
  if (before !== 'open') {
    throw new HarnessError(
      'refused',
      `${target.node} does not reach the Service default/kubernetes (${service.address} is ${before}) before the fault`,
    );
  }
  return { ...target, service, startedAt: found.startedAt };
}

/**
 * Another worker that reaches the Service, to compare with.
 * @throws HarnessError `refused` when there is none, for then a silent Service would prove nothing
 */
export async function nodeThatReaches(
  { cluster, signal }: FaultContext,
  { node, service }: Pick<ProxyPlan, 'node' | 'service'>,
): Promise<string> {
  const others = cluster.facts.nodes.filter(({ name: other, role }) => other !== node && role === 'worker');
  for (const { name: other } of others) {
    if ((await reach(cluster.node(other), service.address, service.port, signal)) === 'open') return other;
  }
  throw new HarnessError('refused', `No worker beside ${node} reaches the Service default/kubernetes, to compare with`);
}

/** How many rules of the nat table lead to an endpoint of a Service. */
export async function endpointRules(shell: Shell, signal: AbortSignal): Promise<number> {
  const script = "iptables-save -t nat | grep -c -e '^-A KUBE-SEP-'; true";
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 15_000 });
  return Number(stdout.trim());
}

/** It runs and is well, there are rules, and the node reaches a Service through them. @throws HarnessError `fault-not-gone` */
export async function proveProxyBack({ cluster, signal }: FaultContext, plan: ProxyPlan): Promise<string> {
  const shell = cluster.node(plan.node);
  const { address, port } = plan.service;
  const options = { withinMs: 90_000, everyMs: 300, signal };
  return prove('fault-not-gone', `kube-proxy of ${plan.node} to serve`, options, async () => {
    const states = (await processesOf(shell, proxyProgram, signal)).map(({ state }) => state);
    if (states.length !== 1 || states.includes('T')) return notYet(`its state is ${states.join() || 'none'}`);
    const answer = await askLocal(shell, proxyHealth.port, proxyHealth.path, signal);
    if (!('status' in answer) || !answer.status.includes(' 200'))
      return notYet(`its health port ${tellAnswer(answer)}`);
    const rules = await endpointRules(shell, signal);
    const service = await reach(shell, address, port, signal);
    const saw = `${String(rules)} rules lead to endpoints and ${address}:${String(port)} is ${service}`;
    return rules > 0 && service === 'open' ? yes(`kube-proxy of ${plan.node} is well, ${saw}`) : notYet(saw);
  });
}
