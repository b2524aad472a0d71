import { z } from 'zod';

import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { connectTimes } from '../shared/connect-times.ts';
import { byFilters, metPackets, proveNoFilters, type Hook, type NodeFilter } from '../shared/filter.ts';
import { linkTowards } from '../shared/node-link.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, planNode, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { kubeletPort } from '../shared/reach.ts';

const name = 'packet-loss';
const schema = z.strictObject({
  ...nodeChoice,
  /** The share of packets that is lost, in each direction that is chosen. */
  percent: z.number().min(0.5).max(90).default(20),
  /** Which packets: those that come to the node, those that leave it, or both. */
  direction: z.enum(['both', 'in', 'out']).default('both'),
});
type Params = z.output<typeof schema>;
type Plan = NodePlan & {
  readonly percent: number;
  readonly direction: Params['direction'];
  readonly filters: readonly NodeFilter[];
};

/** How a connection shows loss: the kernel asks again after 1 s, so one that was open at once lost nothing. */
const askedAgainMs = 900;
/** A loss of half a percent shows in one connection of a hundred. */
const proofMs = 60_000;

export const packetLoss: Fault<Params, Plan> = {
  name,
  summary: "Loses a share of all packets on a node's link, at random: those of its pods too.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const target = await planNode(context, params);
    const link = await linkTowards(context.cluster.node(target.node), target.control.address, context.signal);
    const { percent, direction } = params;
    return { ...target, percent, direction, filters: [filterOf(target.node, link, percent, direction)] };
  },
  targets: ({ node }) => [node],
  impact: (plan) => {
    const { percent, direction } = plan;
    const there = direction === 'both' ? 1 - (1 - percent / 100) ** 2 : percent / 100;
    const which = { both: 'coming and going', in: 'coming in', out: 'going out' }[direction];
    return (
      `Of the packets ${which} on the link of ${nameWithZone(plan)}, ${String(percent)} % are lost: about ${(there * 100).toFixed(0)} % of ` +
      'new connections to it and its pods take a second longer or more, established ones stall for a retransmission each time.'
    );
  },
  ...byFilters,
  proveActive: proveLossy,
  proveGone: async (context, plan) => {
    await proveNoFilters(context, plan.filters);
    return `${await proveClean(context, plan)}; ${await proveNodeBack(context, plan.node)}`;
  },
};

function filterOf(node: string, link: string, percent: number, direction: Params['direction']): NodeFilter {
  const toss = `numgen random mod 1000 < ${String(Math.round(percent * 10))}`;
  const rule = (hook: Hook, side: string): NodeFilter['rules'][number] => ({
    hook,
    match: `${side} "${link}" ${toss}`,
    verdict: 'drop',
  });
  const comingIn = direction === 'out' ? [] : [rule('prerouting', 'iifname')];
  const goingOut = direction === 'in' ? [] : [rule('postrouting', 'oifname')];
  return { node, rules: [...comingIn, ...goingOut] };
}

/** How many of 20 new connections from the witness were slow, and how many SYN packets its kernel sent again meanwhile. */
async function tryTwenty(
  { cluster, signal }: FaultContext,
  { witness }: Plan,
  address: string,
): Promise<{ readonly slow: number; readonly again: number }> {
  const options = { count: 20, limitSeconds: 2.5, signal };
  const { tookMs, retransmitted } = await connectTimes(cluster.node(witness), address, kubeletPort, options);
  return { slow: tookMs.filter((took) => took === null || took >= askedAgainMs).length, again: retransmitted };
}

async function proveLossy(context: FaultContext, plan: Plan): Promise<string> {
  const { signal } = context;
  const ownAddress = plan.control.node === plan.witness ? '127.0.0.1' : plan.control.address;
  const seen = { tried: 0, slow: 0, again: 0 };
  const options = { withinMs: proofMs, everyMs: 50, signal };
  return prove('fault-not-active', `packets of ${plan.node} to be lost`, options, async () => {
    const control = await tryTwenty(context, plan, ownAddress);
    const victim = await tryTwenty(context, plan, plan.address);
    if (control.slow > 0 || control.again > 0)
      return notYet(`${plan.witness} loses packets to ${plan.control.node} as well`);
    seen.tried += 20;
    seen.slow += Math.min(victim.slow, victim.again);
    seen.again += victim.again;
    const dropped = (await metPackets(context, plan.node)).reduce((sum, count) => sum + count, 0);
    const saw = `${String(seen.slow)} of ${String(seen.tried)} new connections from ${plan.witness} were asked for again`;
    if (seen.slow < 2 || dropped === 0) return notYet(saw);
    return yes(
      `${saw} (${String(seen.again)} SYN packets), none of 20 to ${plan.control.node}; ${String(dropped)} packets dropped by now`,
    );
  });
}

async function proveClean(context: FaultContext, plan: Plan): Promise<string> {
  const options = { withinMs: 60_000, everyMs: 200, signal: context.signal };
  return prove('fault-not-gone', `${plan.node} to lose nothing`, options, async () => {
    const { slow, again } = await tryTwenty(context, plan, plan.address);
    if (slow > 0 || again > 0) return notYet(`${String(slow)} of 20 new connections were slow`);
    return yes(`no rule is left and none of 20 new connections from ${plan.witness} was asked for again`);
  });
}
