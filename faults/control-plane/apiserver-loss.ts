import { z } from 'zod';

import { connect } from '../../harness/kube/index.ts';
import type { ClusterFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes, type Look } from '../../harness/util/eventually.ts';
import { askLocal, tellAnswer } from '../shared/http-answer.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf, resumeScript, signalProcess } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';

const name = 'apiserver-loss';
const program = 'kube-apiserver';
const schema = z.strictObject({
  how: z.enum(['kill', 'pause']).default('kill'),
  which: z.enum(['one', 'all']).default('one'),
  node: z.string().min(1).optional(),
});
type Params = z.output<typeof schema>;

type Plan = {
  readonly how: Params['how'];
  readonly servers: readonly { readonly node: string; readonly port: number; readonly startedAt: number }[];
  readonly left: number;
};
type Server = Plan['servers'][number];

/** A paused server keeps its connections: clients that do not give up by themselves wait for it. */
export const apiserverLoss: Fault<Params, Plan> = {
  name,
  summary: 'Kills or stops one API server, or all of them when asked by name.',
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? noServer(facts, params),
  plan: async (context, params) => {
    const { cluster, random, signal } = context;
    const fitting = serversOf(cluster.facts, params);
    const chosen = params.which === 'all' ? fitting : [random.fork('target').pick(fitting)];
    const left = cluster.facts.apiServers.length - chosen.length;
    if (left === 0 && params.which === 'one') {
      throw new HarnessError('refused', `Taking the API server on ${chosen[0]?.node ?? ''} would leave none of 1`, {
        hint: "ask for it by name with which: 'all'",
      });
    }
    const servers = chosen.map(async ({ node, url }): Promise<Server> => {
      const [process, ...others] = await processesOf(cluster.node(node), program, signal);
      if (process === undefined || others.length > 0)
        throw new HarnessError('refused', `${node} does not run exactly one process ${program}`);
      return { node, port: Number(new URL(url).port || 443), startedAt: process.startedAt };
    });
    return { how: params.how, servers: await Promise.all(servers), left };
  },
  targets: ({ servers }) => servers.map(({ node }) => node),
  impact: ({ how, servers, left }) => {
    const nodes = servers.map(({ node }) => node).join(', ');
    const done =
      how === 'kill' ? 'killed; its supervisor may start it again at once' : 'stopped (SIGSTOP) until the heal';
    const api =
      left === 0
        ? 'The API does not answer'
        : `${String(left)} API servers are left and the load balancer turns to them`;
    return `The API server on ${nodes} is ${done}. ${api}; running services do not notice.`;
  },
  leashes: ({ servers }) => servers.map(({ node }) => ({ on: { node }, undo: resumeScript(program) })),
  inject: async ({ cluster, signal }, { how, servers }) => {
    const word = how === 'kill' ? 'KILL' : 'STOP';
    await Promise.all(servers.map(({ node }) => signalProcess(cluster.node(node), program, word, signal)));
  },
  proveActive: async (context, { how, servers }) => {
    const evidence = await Promise.all(servers.map((server) => proveHit(context, how, server)));
    return evidence.join('; ');
  },
  heal: async ({ cluster, signal }, { servers }) => {
    const undo = ['sh', '-c', resumeScript(program)];
    await Promise.all(servers.map(({ node }) => cluster.node(node).exec(undo, { signal, timeoutMs: 15_000 })));
  },
  proveGone: async (context, { servers }) => {
    const evidence = await Promise.all(servers.map((server) => proveServing(context, server)));
    return `${evidence.join('; ')}; ${await proveReady(context)}`;
  },
};

const serversOf = (facts: ClusterFacts, { node }: Params): ClusterFacts['apiServers'] =>
  facts.apiServers.filter((server) => node === undefined || server.node === node);

function noServer(facts: ClusterFacts, params: Params): string | null {
  if (serversOf(facts, params).length > 0) return null;
  return `${facts.name} has no API server that can be reached${params.node === undefined ? '' : ` on ${params.node}`}.`;
}

async function proveHit({ cluster, signal }: FaultContext, how: Plan['how'], server: Server): Promise<string> {
  const { node, port, startedAt } = server;
  const options = { withinMs: 10_000, everyMs: 100, signal };
  return prove('fault-not-active', `the API server on ${node} to be hit`, options, async (): Promise<Look<string>> => {
    const processes = await processesOf(cluster.node(node), program, signal);
    const old = processes.find((process) => process.startedAt === startedAt);
    if (how === 'kill')
      return old === undefined ? yes(`the process on ${node} is gone`) : notYet('its process still runs');
    if (old?.state !== 'T') return notYet(`its process is in state ${old?.state ?? 'none'}`);
    const answer = await askLocal(cluster.node(node), port, '/livez', signal);
    if ('status' in answer) return notYet(`it ${tellAnswer(answer)}`);
    return yes(`the process on ${node} is in state T and port ${String(port)} gives no answer`);
  });
}

/** A TLS server of Go answers plain HTTP with `400 Bad Request`: enough to know that it serves, without a certificate. */
async function proveServing({ cluster, signal }: FaultContext, { node, port }: Server): Promise<string> {
  const options = { withinMs: 90_000, everyMs: 300, signal };
  return prove('fault-not-gone', `the API server on ${node} to serve`, options, async () => {
    const states = (await processesOf(cluster.node(node), program, signal)).map(({ state }) => state);
    if (states.length === 0 || states.includes('T'))
      return notYet(`its process is in state ${states.join() || 'none'}`);
    const answer = await askLocal(cluster.node(node), port, '/livez', signal);
    return 'status' in answer ? yes(`${node} serves`) : notYet(`port ${String(port)} ${tellAnswer(answer)}`);
  });
}

async function proveReady({ cluster, signal }: FaultContext): Promise<string> {
  const client = connect(cluster.kubeconfig);
  try {
    return await prove(
      'fault-not-gone',
      'the API to be ready',
      { withinMs: 60_000, everyMs: 300, signal },
      async () => {
        const answer = await client.text('/readyz', { signal, timeoutMs: 5_000 });
        return answer === 'ok' ? yes('the API says that it is ready') : notYet(answer);
      },
    );
  } finally {
    client.close();
  }
}
