import { z } from 'zod';

import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { sendingRate } from '../shared/flood.ts';
import { linkTowards } from '../shared/node-link.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, planNode, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { refuseShapedLink, rootDiscipline } from '../shared/queue-discipline.ts';

const name = 'bandwidth';
const schema = z.strictObject({
  ...nodeChoice,
  /** What the node and its pods may send, together. Above 20 Mbit/s a shell could not send enough to prove it. */
  kbitPerSecond: z.int().min(64).max(20_000).default(1_000),
});
type Params = z.output<typeof schema>;
type Plan = NodePlan & { readonly link: string; readonly kbitPerSecond: number };

/** Nothing else gives a queue this name. */
const handle = '5d5e:';
/**
 * A packet that would wait for longer is dropped, as a router with a small buffer does: at most 300 ms, and no more than 64 kB
 * wait, so that a socket's own buffer (208 kB) never holds the sender back instead.
 */
const longestWaitMs = (kbitPerSecond: number): number => Math.min(300, Math.floor((64_000 * 8) / kbitPerSecond));

export const bandwidth: Fault<Params, Plan> = {
  name,
  summary: "Narrows what a node and its pods may send over the node's link.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const target = await planNode(context, params);
    const shell = context.cluster.node(target.node);
    const link = await linkTowards(shell, target.control.address, context.signal);
    await refuseShapedLink(shell, link, context.signal);
    return { ...target, link, kbitPerSecond: params.kbitPerSecond };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The node ${nameWithZone(plan)} and its pods can send ${String(plan.kbitPerSecond)} kbit/s together; what would wait for more than ` +
    `${String(longestWaitMs(plan.kbitPerSecond))} ms is lost. Small answers are not slower until the link is full; what they receive is not limited.`,
  leashes: ({ node, link }) => [{ on: { node }, undo: undoScript(link) }],
  inject: async ({ cluster, signal }, { node, link, kbitPerSecond }) => {
    // The bucket holds 16 kB, or what goes out in 10 ms at this rate if that is more: else the kernel's tick would limit.
    const burst = Math.max(16_000, Math.round((kbitPerSecond * 1_000) / 8 / 100));
    const queue = ['tbf', 'rate', `${String(kbitPerSecond)}kbit`, 'burst', String(burst)];
    const argv = ['tc', 'qdisc', 'add', 'dev', link, 'root', 'handle', handle, ...queue];
    await cluster
      .node(node)
      .exec([...argv, 'latency', `${String(longestWaitMs(kbitPerSecond))}ms`], { signal, timeoutMs: 10_000 });
  },
  proveActive: proveNarrow,
  heal: async ({ cluster, signal }, { node, link }) => {
    await cluster.node(node).exec(['sh', '-c', undoScript(link)], { signal, timeoutMs: 15_000 });
  },
  proveGone: async (context, plan) => `${await proveWide(context, plan)}; ${await proveNodeBack(context, plan.node)}`,
};

function undoScript(link: string): string {
  const there = `tc qdisc show dev ${link} | grep -q '^qdisc tbf ${handle}'`;
  return `if ${there}; then tc qdisc del dev ${link} root; fi\n! ${there}\n`;
}

/** Enough for more than a second at twice the limit, so that a link without one shows. */
const enoughBytes = (kbitPerSecond: number): number => Math.max(400_000, kbitPerSecond * 300);

async function proveNarrow({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
  const { node, witness, control, link, kbitPerSecond } = plan;
  const bytes = enoughBytes(kbitPerSecond);
  const options = { withinMs: 30_000, everyMs: 100, signal };
  return prove('fault-not-active', `${node} to send slower`, options, async () => {
    const victim = await sendingRate(cluster.node(node), link, control.address, bytes, signal);
    const other = await sendingRate(cluster.node(witness), await linkOf(witness), plan.address, bytes, signal);
    const saw = `of ${String(victim.given)} kbit/s that ${node} sent, ${String(victim.left)} left its link; ${witness} got out ${String(other.left)}`;
    const narrow = victim.left <= 1.25 * kbitPerSecond && victim.given >= 1.5 * victim.left;
    return narrow && other.left >= 2 * kbitPerSecond ? yes(saw) : notYet(saw);
  });
  async function linkOf(from: string): Promise<string> {
    return linkTowards(cluster.node(from), plan.address, signal);
  }
}

async function proveWide({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
  const { node, control, link, kbitPerSecond } = plan;
  const shell = cluster.node(node);
  const options = { withinMs: 60_000, everyMs: 200, signal };
  return prove('fault-not-gone', `${node} to send as fast as it can`, options, async () => {
    const queue = await rootDiscipline(shell, link, signal);
    if (queue.includes(handle)) return notYet(`its link still has ${queue}`);
    const { left, given } = await sendingRate(shell, link, control.address, enoughBytes(kbitPerSecond), signal);
    const saw = `of ${String(given)} kbit/s that ${node} sent, ${String(left)} left its link`;
    // A busy machine may give less than that, of which all must leave.
    return left >= 2 * kbitPerSecond || left >= 0.95 * given ? yes(saw) : notYet(saw);
  });
}
