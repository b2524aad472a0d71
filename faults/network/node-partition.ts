import { z } from 'zod';

import { connect } from '../../harness/kube/index.ts';
import type { ClusterFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { readyNodes } from '../shared/choose-node.ts';
import { byFilters, metPackets, proveNoFilters, type NodeFilter } from '../shared/filter.ts';
import { addressMatches, networksOf } from '../shared/node-networks.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { kubeletPort, reach } from '../shared/reach.ts';

const name = 'node-partition';
const schema = z.strictObject({
  /** Which nodes are cut from each other; two workers from the seed when none are named. */
  pairs: z
    .array(z.tuple([z.string().min(1), z.string().min(1)]))
    .min(1)
    .optional(),
  /** `both`, or only what the first node of each pair sends to the second. */
  direction: z.enum(['both', 'first-to-second']).default('both'),
});
type Params = z.output<typeof schema>;

type End = { readonly node: string; readonly address: string };
type Plan = {
  readonly direction: Params['direction'];
  readonly pairs: readonly { readonly first: End; readonly second: End }[];
  /** A node that reaches both ends of every pair. */
  readonly witness: string;
  readonly filters: readonly NodeFilter[];
};

/** Nobody but the two notices: what both reach goes on calling them healthy. */
export const nodePartition: Fault<Params, Plan> = {
  name,
  summary: 'Cuts nodes from each other, pods included, while every other node reaches both.',
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? pairObstacle(facts, params),
  plan,
  targets: ({ filters }) => filters.map(({ node }) => node),
  impact: ({ pairs, direction }) => {
    const sign = direction === 'both' ? '<->' : '-/->';
    const cut = pairs.map(({ first, second }) => `${first.node} ${sign} ${second.node}`).join(', ');
    return (
      `Cut: ${cut}, the pods on them included. The API reaches all of them, so every node stays Ready and no endpoint is ` +
      'withdrawn: requests that cross the cut time out for as long as it lasts.'
    );
  },
  ...byFilters,
  proveActive: proveCut,
  proveGone: async (context, { filters, pairs }) => {
    await proveNoFilters(context, filters);
    return proveJoined(context, pairs);
  },
};

function pairObstacle({ name: cluster, nodes }: ClusterFacts, { pairs = [] }: Params): string | null {
  if (nodes.length < 3) return `${cluster} has no third node that could tell what became of the other two.`;
  for (const [first, second] of pairs) {
    const missing = [first, second].find((end) => !nodes.some((node) => node.name === end));
    if (missing !== undefined) return `${cluster} has no node named ${missing}.`;
    if (first === second) return `A node such as ${first} cannot be cut from itself.`;
  }
  return null;
}

async function plan({ cluster, random, signal }: FaultContext, { pairs, direction }: Params): Promise<Plan> {
  const { nodes } = cluster.facts;
  const client = connect(cluster.kubeconfig);
  const ready = await readyNodes(client, signal).finally(() => {
    client.close();
  });
  const able = nodes.filter((node) => ready.has(node.name));
  const workers = able.filter(({ role }) => role === 'worker');
  if (pairs === undefined && workers.length < 2)
    throw new HarnessError('refused', `A partition needs two Ready workers, and there are ${String(workers.length)}`);
  const chosen = pairs ?? [
    random
      .fork('target')
      .sample(workers, 2)
      .map((node) => node.name) as [string, string],
  ];
  const ends = new Set(chosen.flat());
  const unready = [...ends].find((end) => !ready.has(end));
  if (unready !== undefined)
    throw new HarnessError('refused', `${unready} is not Ready, so cutting it off would show nothing`);
  const others = able.filter((node) => !ends.has(node.name));
  if (others.length === 0)
    throw new HarnessError(
      'refused',
      `No Ready node is left beside ${[...ends].join(', ')} to tell what became of them`,
    );
  const networks = await networksOf(cluster, signal);
  const end = (node: string): End => ({ node, address: nodes.find((each) => each.name === node)?.address ?? '' });
  return {
    direction,
    pairs: chosen.map(([first, second]) => ({ first: end(first), second: end(second) })),
    witness: random.fork('witness').pick(others).name,
    filters: [...ends].map((node) => filterOf(node, chosen, direction, networks)),
  };
}

/** What is lost is dropped where it arrives; the way that stays open is counted there. */
function filterOf(
  node: string,
  pairs: readonly (readonly [string, string])[],
  direction: Params['direction'],
  networks: (node: string) => readonly string[],
): NodeFilter {
  const rules = pairs.flatMap(([first, second]) => {
    if (node !== first && node !== second) return [];
    const verdict = node === second || direction === 'both' ? 'drop' : 'continue';
    const sources = addressMatches('saddr', networks(node === first ? second : first));
    return sources.map((match) => ({ hook: 'prerouting' as const, match, verdict }));
  });
  return { node, rules };
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

async function proveCut(context: FaultContext, { pairs, witness, direction, filters }: Plan): Promise<string> {
  const { cluster, signal } = context;
  const at = (end: End) => (from: string) => reach(cluster.node(from), end.address, kubeletPort, signal);
  const said = pairs.map(({ first, second }) => {
    const options = { withinMs: 15_000, everyMs: 100, stable: 2, signal };
    return prove('fault-not-active', `${first.node} and ${second.node} to be cut`, options, async () => {
      const [there, back, seesFirst, seesSecond] = await Promise.all([
        at(second)(first.node),
        at(first)(second.node),
        at(first)(witness),
        at(second)(witness),
      ]);
      if (seesFirst !== 'open' || seesSecond !== 'open')
        return notYet(`${witness} does not reach them either (${seesFirst}, ${seesSecond})`);
      if (there !== 'silent' || back !== 'silent')
        return notYet(`${second.node} is ${there} to ${first.node}, and ${first.node} ${back} to ${second.node}`);
      return yes(`${first.node} and ${second.node} get no connection to each other while ${witness} reaches both`);
    });
  });
  const evidence = await Promise.all(said);
  const met = await Promise.all(
    filters.map(async ({ node }) => [node, total(await metPackets(context, node))] as const),
  );
  const silent = met.find(([, packets]) => packets === 0);
  if (silent !== undefined)
    throw new HarnessError('fault-not-active', `The rules on ${silent[0]} met no packet, so something else is silent`);
  const counted = met.map(([node, packets]) => `${String(packets)} at ${node}`).join(', ');
  const open = direction === 'both' ? '' : '; what the second sends still arrives at the first';
  return `${evidence.join('; ')}; packets met: ${counted}${open}`;
}

async function proveJoined({ cluster, signal }: FaultContext, pairs: Plan['pairs']): Promise<string> {
  const said = pairs.map(({ first, second }) => {
    const options = { withinMs: 30_000, everyMs: 200, signal };
    return prove('fault-not-gone', `${first.node} and ${second.node} to reach each other`, options, async () => {
      const [there, back] = await Promise.all([
        reach(cluster.node(first.node), second.address, kubeletPort, signal),
        reach(cluster.node(second.node), first.address, kubeletPort, signal),
      ]);
      if (there !== 'open' || back !== 'open') return notYet(`there ${there}, back ${back}`);
      return yes(`${first.node} and ${second.node} reach each other`);
    });
  });
  return `no rule is left; ${(await Promise.all(said)).join('; ')}`;
}
