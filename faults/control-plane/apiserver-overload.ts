import { z } from 'zod';

import type { ClusterFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { endFloodScript, floodCount, objectsAreGone, removeObjects, startFlood } from '../shared/overload.ts';
import { readParams } from '../shared/params.ts';
import { levelOfAccounts, levelState, type PriorityLevel } from '../shared/priority-level.ts';
import { prove } from '../shared/prove.ts';

const name = 'apiserver-overload';
const schema = z.strictObject({
  which: z.enum(['one', 'all']).default('one'),
  /** Exactly the API server on this node. */
  node: z.string().min(1).optional(),
  /** How many lists are under way at each server; by default 700 more than may wait. */
  inFlight: z.int().min(1).max(4_000).optional(),
});
type Params = z.output<typeof schema>;

/** An API server with the usual flags executes so many requests at a time, of whatever level (400 that read, 200 that write). */
const serverLimit = 600;

type Plan = {
  readonly servers: readonly { readonly node: string; readonly url: string; readonly rejected: number }[];
  readonly level: PriorityLevel;
  readonly inFlight: number;
};

/** The flood has an account of its own: what it does to the others is what priority and fairness has to keep small. */
export const apiserverOverload: Fault<Params, Plan> = {
  name,
  summary: 'Floods API servers with expensive lists from one service account, until they are queued and refused (429).',
  needs: ['node-shell', 'places'],
  minimumHoldMs: 10_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? placeObstacle(facts) ?? serverObstacle(facts, params),
  plan,
  targets: ({ servers }) => servers.map(({ node }) => node),
  impact: ({ servers, level, inFlight }) =>
    `There are always ${String(inFlight)} lists of 1.6 MB under way at the API server on ${servers.map(({ node }) => node).join(', ')}, from one ` +
    `service account outside the cluster. The priority level ${level.name} lets ${String(level.queueable)} of them wait and refuses the others (429); ` +
    'other service accounts wait with them. Heartbeats and leases have levels of their own and go on; running services do not notice.',
  leashes: (_, mark) => [{ on: 'host', undo: endFloodScript(mark) }],
  inject: (context, { servers, inFlight }) =>
    startFlood(
      context,
      servers.map(({ url }) => url),
      inFlight,
    ),
  proveActive: proveRefusing,
  heal: async (context) => {
    const { cluster, mark, signal } = context;
    await cluster.host.exec(['sh', '-c', endFloodScript(mark)], { signal, timeoutMs: 20_000 });
    await removeObjects(context);
  },
  proveGone: proveQuiet,
};

const placeObstacle = (facts: ClusterFacts): string | null =>
  facts.capabilities.includes('places') ? null : `${facts.name} has no place for clients beside its nodes.`;

const serversOf = (facts: ClusterFacts, { node }: Params): ClusterFacts['apiServers'] =>
  facts.apiServers.filter((server) => node === undefined || server.node === node);

function serverObstacle(facts: ClusterFacts, params: Params): string | null {
  if (serversOf(facts, params).length > 0) return null;
  return `${facts.name} has no API server that can be reached${params.node === undefined ? '' : ` on ${params.node}`}.`;
}

async function plan(context: FaultContext, params: Params): Promise<Plan> {
  const { cluster, random, signal } = context;
  const fitting = serversOf(cluster.facts, params);
  const chosen = params.which === 'all' ? fitting : [random.fork('target').pick(fitting)];
  const level = await levelOfAccounts(context);
  const inFlight = params.inFlight ?? level.queueable + serverLimit + 100;
  if (inFlight <= level.queueable)
    throw new HarnessError(
      'refused',
      `${String(inFlight)} lists at a time would overload nobody: the priority level ${level.name} lets ${String(level.queueable)} of one account wait`,
    );
  const servers = chosen.map(async ({ node, url }) => {
    const { rejected } = await levelState(cluster.node(node), url, level.name, signal);
    return { node, url, rejected };
  });
  return { servers: await Promise.all(servers), level, inFlight };
}

/** Each API server counts what it refused since the plan, and has a queue at this moment. */
async function proveRefusing({ cluster, signal }: FaultContext, { servers, level }: Plan): Promise<string> {
  const evidence = servers.map(({ node, url, rejected }) =>
    prove(
      'fault-not-active',
      `the API server on ${node} to refuse lists`,
      { withinMs: 40_000, everyMs: 500, signal },
      async () => {
        const now = await levelState(cluster.node(node), url, level.name, signal);
        const refused = now.rejected - rejected;
        const saw = `the API server on ${node} refused ${String(refused)} requests of ${level.name}, lets ${String(now.waiting)} wait and executes ${String(now.executing)}`;
        return refused > 0 && now.waiting > 0 ? yes(saw) : notYet(saw);
      },
    ),
  );
  return (await Promise.all(evidence)).join('; ');
}

async function proveQuiet(context: FaultContext, { servers, level }: Plan): Promise<string> {
  const { cluster, mark, signal } = context;
  const seen = new Map<string, number>();
  const options = { withinMs: 60_000, everyMs: 1_000, signal };
  return prove('fault-not-gone', 'the flood to be over', options, async () => {
    const left = await floodCount(cluster, mark, signal);
    if (left > 0) return notYet(`${String(left)} processes still flood`);
    if (!(await objectsAreGone(context))) return notYet('the namespace of the flood is still there');
    for (const { node, url } of servers) {
      const { waiting, rejected } = await levelState(cluster.node(node), url, level.name, signal);
      const before = seen.get(node);
      seen.set(node, rejected);
      if (waiting > 0) return notYet(`${String(waiting)} requests still wait on ${node}`);
      if (before !== rejected) return notYet(`the API server on ${node} refused ${String(rejected)} requests so far`);
    }
    return yes(`no process floods, its account is gone, nothing waits, and no request was refused for a second`);
  });
}
