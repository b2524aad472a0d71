import { z } from 'zod';

import type { ClusterFacts, NodeFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { proveCut, proveJoined, type Attempt, type CutChecks } from '../shared/cut-proof.ts';
import { etcdView, etcdVoters } from '../shared/etcd-status.ts';
import { byFilters, metPackets, proveNoFilters, type NodeFilter } from '../shared/filter.ts';
import { networksOf } from '../shared/node-networks.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { etcdObstacle, shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { podPorts, podPortsNow, type PodPort } from '../shared/pod-ports.ts';
import { kubeletPort } from '../shared/reach.ts';
import { zoneFilter, type Cut } from '../shared/zone-filter.ts';
import { chooseZone, zoneObstacle, type Zone } from '../shared/zone-target.ts';

const name = 'az-partition';
const schema = z.strictObject({
  zone: z.string().min(1).optional(),
  mode: z.enum(['both', 'one-way', 'etcd-only', 'data-plane-only']).default('both'),
  allowQuorumLoss: z.boolean().default(false),
});
type Params = z.output<typeof schema>;

type Plan = {
  readonly zone: string;
  readonly mode: Params['mode'];
  readonly nodes: readonly string[];
  readonly quorum: string;
  readonly checks: CutChecks;
  readonly filters: readonly NodeFilter[];
};

const lost: Record<Params['mode'], string> = {
  both: 'is cut from every node and pod outside it, and from an API endpoint outside it, in both directions',
  'one-way': 'hears nothing from outside it, while what it sends still arrives',
  'etcd-only': 'keeps all its connections but those of etcd',
  'data-plane-only': 'has pods that neither reach nor are reached from outside it, while its nodes talk to everybody',
};

const felt: Record<Params['mode'], string> = {
  both: 'Requests that cross the cut time out until its nodes are NotReady, after the grace period of the node monitor, and their endpoints are withdrawn',
  'one-way':
    'No connection across the cut is made, although half of the packets arrive; its nodes are NotReady after the grace period of the node monitor',
  'etcd-only': 'Its API servers answer no writes as long as it lasts; services do not notice',
  'data-plane-only':
    'Every node stays Ready and no endpoint is withdrawn: requests that cross the cut time out as long as it lasts',
};

/** The cut lies on the nodes of the zone, so that it needs nothing of the network between the zones. */
export const azPartition: Fault<Params, Plan> = {
  name,
  summary: 'Cuts a zone from all others: both ways, one way, for etcd only, or for pods only.',
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, { zone, mode }) =>
    (mode === 'etcd-only' ? etcdObstacle(facts) : shellObstacle(facts)) ?? zoneObstacle(facts, zone),
  plan,
  targets: ({ nodes }) => nodes,
  impact: ({ zone, mode, nodes, quorum }) =>
    `${zone} (${nodes.join(', ')}) ${lost[mode]}. ${felt[mode]}.${quorum === '' ? '' : ` ${quorum}.`}`,
  ...byFilters,
  proveActive: async (context, plan) => {
    const cut = await proveCut(context, `${plan.zone} to be cut off`, plan.checks);
    return `${cut}; ${await provePackets(context, plan)}`;
  },
  proveGone: async (context, plan) => {
    await proveNoFilters(context, plan.filters);
    const across = plan.mode === 'data-plane-only' ? await podsAcrossNow(context, plan) : plan.checks.across;
    const joined =
      across.length === 0
        ? `no Ready pod with a TCP port is on one side of ${plan.zone} any more, so none was asked`
        : await proveJoined(context, `${plan.zone} to be reached`, across);
    const back = await Promise.all(plan.nodes.map((node) => proveNodeBack(context, node)));
    return `no rule is left; ${joined}; ${back.join('; ')}`;
  },
};

async function plan(context: FaultContext, { zone: wanted, mode, allowQuorumLoss }: Params): Promise<Plan> {
  const { cluster, signal } = context;
  const zone = await chooseZone(context, {
    zone: wanted,
    allowQuorumLoss: allowQuorumLoss || mode === 'data-plane-only',
    withControlPlane: mode === 'etcd-only',
  });
  const inside = mode === 'etcd-only' ? zone.inside.filter(({ role }) => role === 'control-plane') : zone.inside;
  const networks = await networksOf(cluster, signal);
  const all = zone.outside.flatMap(({ name: node }) => networks(node));
  const addresses = zone.outside.map(({ address }) => address);
  const cut: Cut = {
    nodes: addresses,
    pods: all.filter((network) => !addresses.includes(network)),
    endpoint: endpointOutside(cluster.facts, zone.inside),
    etcdPorts: mode === 'etcd-only' ? await etcdPorts(context) : [],
  };
  if (mode === 'data-plane-only' && cut.pods.length === 0)
    throw new HarnessError('refused', 'The API does not tell which networks the pods of each node have');
  return {
    zone: zone.zone,
    mode,
    nodes: inside.map((node) => node.name),
    quorum: mode === 'data-plane-only' ? '' : zone.quorum,
    checks: mode === 'data-plane-only' ? await podChecks(context, zone) : nodeChecks({ ...zone, inside }, mode, cut),
    filters: inside.map((node) => zoneFilter(node.name, mode, cut)),
  };
}

/** The address of the API's load balancer where it is none of the zone's own nodes. */
function endpointOutside({ apiEndpoint }: ClusterFacts, inside: readonly NodeFacts[]): readonly string[] {
  const { hostname } = new URL(apiEndpoint);
  const isAddress = /^[\d.]+$/.test(hostname) && !hostname.startsWith('127.');
  return isAddress && !inside.some(({ address }) => address === hostname) ? [hostname] : [];
}

/** The port of the peers, and the one at which API servers talk to members. */
async function etcdPorts({ cluster, signal }: FaultContext): Promise<readonly number[]> {
  const voters = await etcdVoters(cluster, await etcdView(cluster, signal), signal);
  return [...new Set([...voters.map(({ peerPort }) => peerPort), 2379])];
}

/** Both ways between each node of the zone and one outside, and inside each of the two parts. */
function nodeChecks({ inside, outside }: Zone, mode: Params['mode'], { etcdPorts: [etcdPort] }: Cut): CutChecks {
  const others = mode === 'etcd-only' ? outside.filter(({ role }) => role === 'control-plane') : outside;
  if (others.length === 0)
    throw new HarnessError(
      'refused',
      'No Ready control plane is outside the zone, so no etcd traffic crosses its border',
    );
  const at = (from: NodeFacts, to: NodeFacts, port: number): Attempt => ({
    from: from.name,
    to: to.name,
    address: from.name === to.name ? '127.0.0.1' : to.address,
    port,
  });
  const pairs = inside.map((node, index) => [node, others[index % others.length] ?? node] as const);
  const port = mode === 'etcd-only' ? (etcdPort ?? 2380) : kubeletPort;
  const across = pairs.flatMap(([here, there]) => [at(here, there, port), at(there, here, port)]);
  if (mode === 'etcd-only') {
    return { across, beside: pairs.flatMap(([a, b]) => [at(a, b, kubeletPort), at(b, a, kubeletPort)]) };
  }
  const neighbour = (nodes: readonly NodeFacts[]): Attempt[] =>
    nodes.slice(0, 1).map((node) => at(node, nodes[1] ?? node, kubeletPort));
  return { across, beside: [...neighbour(inside), ...neighbour(outside)] };
}

/** From a node on each side to a pod on the other; each pod also from its own node. */
async function podChecks(context: FaultContext, { zone, inside }: Zone): Promise<CutChecks> {
  const inZone = inside.map((node) => node.name);
  const { here, there } = podOnEachSide(await podPorts(context), inZone);
  if (here === undefined || there === undefined) {
    const where = here === undefined ? 'in' : 'outside';
    throw new HarnessError('refused', `No Ready pod with a TCP port is ${where} ${zone}: the cut could not be proved`);
  }
  return { across: bothWays(here, there), beside: [attempt(here.node, here), attempt(there.node, there)] };
}

/** To pods that are there now; where the API cannot be asked, to those of the plan; empty when a side has none. */
async function podsAcrossNow(context: FaultContext, { nodes, checks }: Plan): Promise<CutChecks['across']> {
  const ports = await podPortsNow(context);
  if (ports === null) return checks.across;
  const { here, there } = podOnEachSide(ports, nodes);
  return here === undefined || there === undefined ? [] : bothWays(here, there);
}

function podOnEachSide(
  ports: readonly PodPort[],
  inside: readonly string[],
): { readonly here: PodPort | undefined; readonly there: PodPort | undefined } {
  const isInside = ({ node }: PodPort): boolean => inside.includes(node);
  return { here: ports.find(isInside), there: ports.find((port) => !isInside(port)) };
}

const attempt = (from: string, { pod, address, port }: PodPort): Attempt => ({ from, to: pod, address, port });

const bothWays = (here: PodPort, there: PodPort): CutChecks['across'] => [
  attempt(here.node, there),
  attempt(there.node, here),
];

/** In one way of two, what leaves is counted and not dropped: both must be seen. */
async function provePackets(context: FaultContext, { filters, mode }: Plan): Promise<string> {
  const met = await Promise.all(filters.map(({ node }) => metPackets(context, node)));
  const sum = (verdict: string): number =>
    filters.reduce((total, { rules }, at) => {
      const counts = rules.map((rule, index) => (rule.verdict === verdict ? (met[at]?.[index] ?? 0) : 0));
      return counts.reduce((one, other) => one + other, total);
    }, 0);
  const [dropped, passed] = [sum('drop'), sum('continue')];
  if (dropped === 0 || (mode === 'one-way' && passed === 0)) {
    const left = mode === 'one-way' ? ` and counted ${String(passed)} on their way out` : '';
    throw new HarnessError(
      'fault-not-active',
      `The rules dropped ${String(dropped)} packets${left}, so something else is silent`,
    );
  }
  return `${String(dropped)} packets dropped${mode === 'one-way' ? `, ${String(passed)} let out` : ''}`;
}
