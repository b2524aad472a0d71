import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle, chooseNode, nodeChoice } from '../shared/choose-node.ts';
import { byFilters, metPackets, proveNoFilters, type NodeFilter } from '../shared/filter.ts';
import { linkTowards } from '../shared/node-link.ts';
import { networksOf } from '../shared/node-networks.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { podPorts, podPortsNow, type PodPort } from '../shared/pod-ports.ts';
import { prove } from '../shared/prove.ts';
import { stuckBytes, type StuckBytes } from '../shared/stuck-bytes.ts';

const name = 'mtu-black-hole';
/** So many pods of the node are asked: one that was just killed is Ready until its kubelet says otherwise. */
const mostPods = 3;
const schema = z.strictObject({
  ...nodeChoice,
  /** The longest packet that gets through, with its IP header. */
  maxBytes: z.int().min(576).max(1_480).default(1_400),
});
type Params = z.output<typeof schema>;
type Plan = {
  readonly node: string;
  readonly zone: string | null;
  readonly maxBytes: number;
  readonly witness: string;
  /** Pods on the node that serve a TCP port, for the proof: what is Ready need not answer. */
  readonly pods: readonly PodPort[];
  readonly filters: readonly NodeFilter[];
};

/** A tunnel took some bytes of every packet, and the message that would say so is filtered out. */
export const mtuBlackHole: Fault<Params, Plan> = {
  name,
  summary: "Drops large packets of a node's pods that may not be split, and tells nobody.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan,
  targets: ({ node }) => [node],
  impact: ({ node, maxBytes }) =>
    `Packets of more than ${String(maxBytes)} bytes to and from the pods of ${node} are lost, and no ICMP message says so: connections ` +
    'are made and small requests are answered, while large ones hang; health checks see nothing, so no endpoint is withdrawn.',
  ...byFilters,
  proveActive: proveHole,
  proveGone: async (context, plan) => {
    await proveNoFilters(context, plan.filters);
    const options = { withinMs: 30_000, everyMs: 200, signal: context.signal };
    return prove('fault-not-gone', `large packets to reach the pods of ${plan.node}`, options, async () => {
      const pods = await podsNow(context, plan);
      if (pods.length === 0)
        return yes(`no rule is left; no pod with a TCP port is on ${plan.node} any more, so none was asked`);
      const found = await stuckAtOne(context, { ...plan, pods });
      if (found === null) return notYet(`no connection to ${podsOf({ pods })}`);
      if (found.large > 0) return notYet(saw(found.large));
      return yes(
        `no rule is left, and 4000 bytes from ${plan.witness} to ${found.pod} on ${plan.node} are acknowledged at once`,
      );
    });
  },
};

const podsOf = ({ pods }: Pick<Plan, 'pods'>): string => pods.map(({ pod }) => pod).join(' or ');

/** What became of bytes to the first of the pods that takes a connection; null when none does. */
async function stuckAtOne(
  { cluster, signal }: FaultContext,
  { witness, pods }: Plan,
): Promise<(StuckBytes & { readonly pod: string }) | null> {
  const tried = pods.map(async ({ pod, address, port }) => {
    const stuck = await stuckBytes(cluster.node(witness), address, port, signal);
    return stuck === null ? null : { ...stuck, pod };
  });
  return (await Promise.all(tried)).find((each) => each !== null) ?? null;
}

const saw = (large: number): string => `${String(large)} of 4000 bytes are not acknowledged after 0.7 s`;

/** Bytes are looked up in the kernel's list of IPv4. */
const isFour = ({ address }: PodPort): boolean => !address.includes(':');

/** Where the API cannot be asked, those of the plan. */
async function podsNow(context: FaultContext, { node, pods }: Plan): Promise<readonly PodPort[]> {
  const ports = await podPortsNow(context);
  return ports === null ? pods : ports.filter((pod) => isFour(pod) && pod.node === node).slice(0, mostPods);
}

async function plan(context: FaultContext, params: Params): Promise<Plan> {
  const { cluster, random, signal } = context;
  const ports = (await podPorts(context)).filter(isFour);
  const hosts = cluster.facts.nodes.filter(
    (node) =>
      ports.some((pod) => pod.node === node.name) &&
      (params.node === undefined ? node.role === params.role : node.name === params.node) &&
      (params.zone === undefined || node.zone === params.zone),
  );
  if (hosts.length === 0)
    throw new HarnessError('refused', 'No pod with a TCP port runs on a node that fits: the fault could not be proved');
  const preferred = params.running === undefined ? random.fork('host').pick(hosts).name : params.node;
  const { target, control, witness } = await chooseNode(context, { ...params, node: preferred });
  const pods = ports.filter(({ node }) => node === target.name).slice(0, mostPods);
  if (pods.length === 0)
    throw new HarnessError('refused', `No pod with a TCP port runs on ${target.name}: the fault could not be proved`);
  // Where pods travel in a tunnel, that is the link on which their packets are whole.
  const [, podNetworks = control.address] = (await networksOf(cluster, signal))(control.name);
  const link = await linkTowards(cluster.node(target.name), podNetworks.split('/')[0] ?? podNetworks, signal);
  const large = `meta length > ${String(params.maxBytes)} ip frag-off & 0x4000 != 0`;
  const rules = [`iifname "${link}" ${large}`, `oifname "${link}" ${large}`].map((match) => ({
    hook: 'forward' as const,
    match,
    verdict: 'drop',
  }));
  return {
    node: target.name,
    zone: target.zone,
    maxBytes: params.maxBytes,
    witness: witness.name,
    pods,
    filters: [{ node: target.name, rules }],
  };
}

async function proveHole(context: FaultContext, plan: Plan): Promise<string> {
  const { node, witness } = plan;
  const options = { withinMs: 20_000, everyMs: 100, signal: context.signal };
  return prove('fault-not-active', `large packets to ${podsOf(plan)} to be lost`, options, async () => {
    const stuck = await stuckAtOne(context, plan);
    if (stuck === null) return notYet(`${witness} gets no connection to ${podsOf(plan)}`);
    if (stuck.small > 0) return notYet(`${String(stuck.small)} of 100 bytes are not acknowledged either`);
    const dropped = (await metPackets(context, node)).reduce((sum, count) => sum + count, 0);
    if (stuck.large === 0 || dropped === 0) return notYet(saw(stuck.large));
    return yes(
      `from ${witness} to ${stuck.pod} on ${node}, 100 bytes are acknowledged and ${saw(stuck.large)}; ${String(dropped)} packets dropped`,
    );
  });
}
