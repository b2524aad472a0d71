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
import { podPorts, type PodPort } from '../shared/pod-ports.ts';
import { prove } from '../shared/prove.ts';
import { stuckBytes } from '../shared/stuck-bytes.ts';

const name = 'mtu-black-hole';
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
  /** A pod on the node that serves a TCP port: for the proof. */
  readonly pod: PodPort;
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
  proveGone: async (context, { witness, pod, filters }) => {
    await proveNoFilters(context, filters);
    const options = { withinMs: 30_000, everyMs: 200, signal: context.signal };
    return prove('fault-not-gone', `large packets to reach ${pod.pod}`, options, async () => {
      const stuck = await stuckBytes(context.cluster.node(witness), pod.address, pod.port, context.signal);
      if (stuck === null || stuck.large > 0) return notYet(stuck === null ? 'no connection' : saw(stuck.large));
      return yes(
        `no rule is left, and 4000 bytes from ${witness} to ${pod.pod} on ${pod.node} are acknowledged at once`,
      );
    });
  },
};

const saw = (large: number): string => `${String(large)} of 4000 bytes are not acknowledged after 0.7 s`;

async function plan(context: FaultContext, params: Params): Promise<Plan> {
  const { cluster, random, signal } = context;
  const ports = (await podPorts(context)).filter(({ address }) => !address.includes(':'));
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
  const pod = ports.find(({ node }) => node === target.name);
  if (pod === undefined)
    throw new HarnessError('refused', `No pod with a TCP port runs on ${target.name}: the fault could not be proved`);
  // Where pods travel in a tunnel, that is the link on which their packets are whole.
  const [, pods = control.address] = (await networksOf(cluster, signal))(control.name);
  const link = await linkTowards(cluster.node(target.name), pods.split('/')[0] ?? pods, signal);
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
    pod,
    filters: [{ node: target.name, rules }],
  };
}

async function proveHole(context: FaultContext, { node, witness, pod }: Plan): Promise<string> {
  const { cluster, signal } = context;
  const options = { withinMs: 20_000, everyMs: 100, signal };
  return prove('fault-not-active', `large packets to ${pod.pod} to be lost`, options, async () => {
    const stuck = await stuckBytes(cluster.node(witness), pod.address, pod.port, signal);
    if (stuck === null) return notYet(`${witness} gets no connection to ${pod.pod}`);
    if (stuck.small > 0) return notYet(`${String(stuck.small)} of 100 bytes are not acknowledged either`);
    const dropped = (await metPackets(context, node)).reduce((sum, count) => sum + count, 0);
    if (stuck.large === 0 || dropped === 0) return notYet(saw(stuck.large));
    return yes(
      `from ${witness} to ${pod.pod} on ${node}, 100 bytes are acknowledged and ${saw(stuck.large)}; ${String(dropped)} packets dropped`,
    );
  });
}
