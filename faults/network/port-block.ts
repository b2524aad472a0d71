import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { byFilters, metPackets, proveNoFilters, type NodeFilter } from '../shared/filter.ts';
import { linkTowards } from '../shared/node-link.ts';
import { nameWithZone, planNode, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { kubeletPort, reach } from '../shared/reach.ts';

const name = 'port-block';
const schema = z.strictObject({
  ...nodeChoice,
  port: z.int().min(1).max(65_535).default(kubeletPort),
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
});
type Params = z.output<typeof schema>;
type Plan = NodePlan & {
  readonly port: number;
  readonly protocol: Params['protocol'];
  readonly filters: readonly NodeFilter[];
};

/** Met before any address is translated, so that the port of a service (NodePort) can be blocked as well. */
export const portBlock: Fault<Params, Plan> = {
  name,
  summary: "Drops what comes to one port of a node, as a firewall's new rule does.",
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan,
  targets: ({ node }) => [node],
  impact: (plan) =>
    `What comes over the link to ${plan.protocol} port ${String(plan.port)} of ${nameWithZone(plan)} is dropped without an answer, on ` +
    'established connections too; from the node itself and its pods the port is reached as before.',
  ...byFilters,
  proveActive: async (context, plan) => (plan.protocol === 'tcp' ? proveSilentPort : proveLostDatagrams)(context, plan),
  proveGone: async (context, plan) => {
    await proveNoFilters(context, plan.filters);
    return plan.protocol === 'tcp' ? proveOpen(context, plan) : `no rule is left on ${plan.node}`;
  },
};

async function plan(context: FaultContext, params: Params): Promise<Plan> {
  const { cluster, signal } = context;
  const target = await planNode(context, params);
  const { port, protocol } = params;
  if (protocol === 'tcp') {
    const found = await reach(cluster.node(target.witness), target.address, port, signal);
    if (found !== 'open')
      throw new HarnessError(
        'refused',
        `Port ${String(port)} of ${target.node} is ${found} already, so blocking it would show nothing`,
      );
  }
  const link = await linkTowards(cluster.node(target.node), target.control.address, signal);
  const match = `iifname "${link}" ${protocol} dport { ${String(port)} }`;
  const filters = [{ node: target.node, rules: [{ hook: 'prerouting' as const, match, verdict: 'drop' }] }];
  return { ...target, port, protocol, filters };
}

const dropped = async (context: FaultContext, { node }: Plan): Promise<number> =>
  (await metPackets(context, node)).reduce((sum, count) => sum + count, 0);

async function proveSilentPort(context: FaultContext, plan: Plan): Promise<string> {
  const { cluster, signal } = context;
  const witness = cluster.node(plan.witness);
  const options = { withinMs: 15_000, everyMs: 100, stable: 2, signal };
  return prove('fault-not-active', `port ${String(plan.port)} of ${plan.node} to be silent`, options, async () => {
    const [victim, itself] = await Promise.all([
      reach(witness, plan.address, plan.port, signal),
      reach(cluster.node(plan.node), plan.address, plan.port, signal),
    ]);
    if (itself !== 'open') return notYet(`on ${plan.node} itself it is ${itself}`);
    if (victim !== 'silent') return notYet(`to ${plan.witness} it is ${victim}`);
    const packets = String(await dropped(context, plan));
    return yes(
      `port ${String(plan.port)} of ${plan.node} is silent to ${plan.witness} and open on ${plan.node} itself; ${packets} packets dropped`,
    );
  });
}

/** A datagram that arrives gives no sign: the witness sends some, and the kernel counts them at the rule. */
async function proveLostDatagrams(context: FaultContext, plan: Plan): Promise<string> {
  const { cluster, signal } = context;
  const send = `for i in 1 2 3; do printf x > /dev/udp/${plan.address}/${String(plan.port)}; done`;
  const options = { withinMs: 10_000, everyMs: 100, signal };
  return prove('fault-not-active', `datagrams to ${plan.node} to be dropped`, options, async () => {
    const before = await dropped(context, plan);
    await cluster.node(plan.witness).exec(['bash', '-c', send], { signal, timeoutMs: 5_000, allowFailure: true });
    const lost = (await dropped(context, plan)) - before;
    const saw = `of 3 datagrams from ${plan.witness} to port ${String(plan.port)} of ${plan.node}, ${String(lost)} were dropped`;
    return lost >= 3 ? yes(saw) : notYet(saw);
  });
}

async function proveOpen({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
  const options = { withinMs: 30_000, everyMs: 200, signal };
  return prove('fault-not-gone', `port ${String(plan.port)} of ${plan.node} to answer`, options, async () => {
    const found = await reach(cluster.node(plan.witness), plan.address, plan.port, signal);
    if (found === 'silent') return notYet('it is silent');
    return yes(`no rule is left, and port ${String(plan.port)} of ${plan.node} is ${found} to ${plan.witness}`);
  });
}
