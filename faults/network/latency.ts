import { z } from 'zod';

import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { connectTimes } from '../shared/connect-times.ts';
import { delayMechanism, startDelay, stopDelayScript, type Delay } from '../shared/delay.ts';
import { buildNetfault } from '../shared/netfault.ts';
import { linkTowards } from '../shared/node-link.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, planNode, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { refuseShapedLink } from '../shared/queue-discipline.ts';
import { kubeletPort } from '../shared/reach.ts';

const name = 'latency';
const schema = z.strictObject({
  ...nodeChoice,
  /** By how much each round trip over the node's link becomes longer. */
  addMs: z.int().min(20).max(5_000).default(100),
});
type Params = z.output<typeof schema>;
type Plan = NodePlan & { readonly delay: Delay };

/** Netem where the kernel has it; else packets that come in wait for the verdict of a program. */
export const latency: Fault<Params, Plan> = {
  name,
  summary: "Adds a constant delay to every round trip over a node's link, its pods included.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const target = await planNode(context, params);
    const shell = context.cluster.node(target.node);
    const link = await linkTowards(shell, target.control.address, context.signal);
    const kernelHas = await delayMechanism(shell, context.signal);
    if (kernelHas === 'nfqueue') await buildNetfault(context.cluster, context.signal);
    if (kernelHas === 'netem') await refuseShapedLink(shell, link, context.signal);
    const mechanism = kernelHas === 'netem' ? { netem: link } : { nfqueue: [`PREROUTING -i ${link}`] };
    return { ...target, delay: { delayMs: params.addMs, mechanism } };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `Each round trip over the link of ${nameWithZone(plan)} takes ${String(plan.delay.delayMs)} ms longer: a request on a new connection to it ` +
    `or its pods ${String(2 * plan.delay.delayMs)} ms, one on an established connection ${String(plan.delay.delayMs)} ms. Nothing is lost.`,
  leashes: ({ node, delay }, mark) => [{ on: { node }, undo: stopDelayScript(delay, mark) }],
  inject: async (context, { node, delay }) => startDelay(context, node, delay),
  proveActive: proveSlow,
  heal: async ({ cluster, mark, signal }, { node, delay }) => {
    await cluster.node(node).exec(['sh', '-c', stopDelayScript(delay, mark)], { signal, timeoutMs: 30_000 });
  },
  proveGone: async (context, plan) => `${await proveQuick(context, plan)}; ${await proveNodeBack(context, plan.node)}`,
};

/** The quickest of seven connections: a busy machine makes some slower, but none quicker. */
async function quickest({ cluster, signal }: FaultContext, from: string, address: string): Promise<number | null> {
  const { tookMs } = await connectTimes(cluster.node(from), address, kubeletPort, {
    count: 7,
    limitSeconds: 8,
    signal,
  });
  const open = tookMs.filter((took) => took !== null);
  return open.length === 0 ? null : Math.min(...open);
}

const inWords = (tookMs: number | null): string => (tookMs === null ? 'no connection' : `${tookMs.toFixed(1)} ms`);

async function proveSlow(context: FaultContext, plan: Plan): Promise<string> {
  const { node, witness, control, delay } = plan;
  const options = { withinMs: 30_000, everyMs: 100, signal: context.signal };
  return prove(
    'fault-not-active',
    `connections to ${node} to take ${String(delay.delayMs)} ms longer`,
    options,
    async () => {
      const victim = await quickest(context, witness, plan.address);
      const other = await quickest(context, witness, control.node === witness ? '127.0.0.1' : control.address);
      const saw = `the quickest of 7 connections from ${witness} to ${node} took ${inWords(victim)}, to ${control.node} ${inWords(other)}`;
      if (victim === null || other === null || victim < other + 0.9 * delay.delayMs) return notYet(saw);
      return yes(saw);
    },
  );
}

async function proveQuick(context: FaultContext, { node, witness, address, delay }: Plan): Promise<string> {
  const options = { withinMs: 60_000, everyMs: 200, signal: context.signal };
  return prove('fault-not-gone', `connections to ${node} to be quick again`, options, async () => {
    const took = await quickest(context, witness, address);
    const saw = `the quickest of 7 connections from ${witness} to ${node} took ${inWords(took)}`;
    return took !== null && took < delay.delayMs / 2 ? yes(saw) : notYet(saw);
  });
}
