import { z } from 'zod';

import { ApiError } from '../../harness/kube/index.ts';
import type { ClusterFacts, NodeFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes, type Look } from '../../harness/util/eventually.ts';
import {
  authorityOn,
  findCertificate,
  withExpired,
  type CertificatePlace,
  type Which,
} from '../shared/certificate-place.ts';
import { chooseNode, choiceObstacle } from '../shared/choose-node.ts';
import { kubectlOn, kubeletConfig } from '../shared/kubectl.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { withClient } from '../shared/pods.ts';
import { processesOf } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';
import { describeFile, isSwapped, readFileOn, swapScript, unswapScript } from '../shared/swapped-file.ts';

const name = 'expired-certificate';
const schema = z.strictObject({
  which: z.enum(['kubelet-client', 'kubelet-serving', 'apiserver-serving']).default('kubelet-client'),
  /** Exactly this node. */
  node: z.string().min(1).optional(),
  /** A node of this zone. */
  zone: z.string().min(1).optional(),
});
type Params = z.output<typeof schema>;

type Plan = CertificatePlace & {
  readonly which: Which;
  readonly node: string;
  readonly address: string;
  /** What the file was: its sum, mode, owner and time. */
  readonly was: string;
  /** The control plane that keeps the authority. */
  readonly authority: string;
  /** Another node, which looks at an API server from outside. */
  readonly witness: string;
};

/** The same certificate from the same authority, of which only the time has run out. */
export const expiredCertificate: Fault<Params, Plan> = {
  name,
  summary: 'Replaces a certificate (kubelet client, kubelet serving, API server serving) by an expired copy of itself.',
  needs: ['node-shell'],
  minimumHoldMs: 12_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? authorityObstacle(facts) ?? nodeObstacle(facts, params),
  plan,
  targets: ({ node }) => [node],
  impact: ({ which, node, file }) => `The certificate in ${file} on ${node} has expired. ${felt[which](node)}`,
  leashes: (planned, mark) => [{ on: { node: planned.node }, undo: undo(planned, mark) }],
  inject: async ({ cluster, mark, signal }, planned) => {
    const { node, which, file } = planned;
    const input = await expiredText(planned, cluster, signal);
    const script = swapScript(file, mark, readerOf(which));
    await cluster.node(node).exec(['sh', '-c', script], { input, signal, timeoutMs: 40_000 });
  },
  proveActive: (context, planned) => provers[planned.which](context, planned),
  heal: async ({ cluster, mark, signal }, planned) => {
    await cluster.node(planned.node).exec(['sh', '-c', undo(planned, mark)], { signal, timeoutMs: 40_000 });
  },
  proveGone: async (context, planned) =>
    `${await proveFile(context, planned)}; ${await proveTrusted(context, planned)}`,
};

const felt: Readonly<Record<Which, (node: string) => string>> = {
  'kubelet-client': (node) =>
    `The kubelet of ${node}, started anew, is refused by the API (401): it renews its lease no more, so that the node becomes NotReady ` +
    'after the node monitor grace period and its endpoints are withdrawn; its pods go on running.',
  'kubelet-serving': (node) =>
    `The API server no longer trusts the kubelet of ${node}: logs, exec, port-forward and what is asked through it fail; the node stays Ready.`,
  'apiserver-serving': (node) =>
    `Whoever opens a new connection to the API server on ${node} refuses it; connections that are open go on, and running services do not notice.`,
};

/** The service that must be started anew. An API server watches its file by itself. */
const readerOf = (which: Which): string | null => (which === 'apiserver-serving' ? null : 'kubelet');
const undo = ({ file, which }: Plan, mark: string): string => unswapScript(file, mark, readerOf(which));

const planesOf = (facts: ClusterFacts): readonly NodeFacts[] =>
  facts.nodes.filter(({ role }) => role === 'control-plane');

const authorityObstacle = (facts: ClusterFacts): string | null =>
  planesOf(facts).length > 0
    ? null
    : `No node of ${facts.name} is a control plane that keeps the key of its authority.`;

const serversOf = (facts: ClusterFacts, { node, zone }: Params): readonly NodeFacts[] =>
  planesOf(facts).filter((each) => (node ?? each.name) === each.name && (zone ?? each.zone) === each.zone);

function nodeObstacle(facts: ClusterFacts, params: Params): string | null {
  if (params.which !== 'apiserver-serving') return choiceObstacle(facts, { ...params, role: 'worker' });
  return serversOf(facts, params).length > 0 ? null : `${facts.name} has no such control plane.`;
}

async function plan(context: FaultContext, params: Params): Promise<Plan> {
  const { cluster, signal } = context;
  const { which } = params;
  const { target, witness } = await targetOf(context, params);
  const shell = cluster.node(target.name);
  const place = await findCertificate(shell, which, signal);
  const [authority] = planesOf(cluster.facts);
  if (authority === undefined) throw new HarnessError('refused', 'The cluster has no control plane');
  const was = await describeFile(shell, place.file, signal);
  const planned = {
    ...place,
    which,
    node: target.name,
    address: target.address,
    was,
    authority: authority.name,
    witness,
  };
  // Whether the authority can do it is known before anything is touched.
  await expiredText(planned, cluster, signal);
  return planned;
}

async function targetOf(
  context: FaultContext,
  params: Params,
): Promise<{ readonly target: NodeFacts; readonly witness: string }> {
  const { facts } = context.cluster;
  if (params.which !== 'apiserver-serving') {
    const { target, witness } = await chooseNode(context, { ...params, role: 'worker' });
    return { target, witness: witness.name };
  }
  const target = context.random.fork('target').pick(serversOf(facts, params));
  const others = facts.nodes.filter((each) => each.name !== target.name);
  if (others.length === 0) throw new HarnessError('refused', `No other node looks at the API server on ${target.name}`);
  return { target, witness: context.random.fork('witness').pick(others).name };
}

async function expiredText(
  { node, file, form, authority }: Plan,
  cluster: FaultContext['cluster'],
  signal: AbortSignal,
): Promise<string> {
  const { text } = await readFileOn(cluster.node(node), file, signal);
  return withExpired(text, form, await authorityOn(cluster.node(authority), signal));
}

const expired = /certificate has expired/;

const provers: Readonly<Record<Which, (context: FaultContext, planned: Plan) => Promise<string>>> = {
  'kubelet-client': proveLocked,
  'kubelet-serving': (context, planned) =>
    prove(
      'fault-not-active',
      `the kubelet of ${planned.node} not to be trusted`,
      { withinMs: 30_000, everyMs: 300, signal: context.signal },
      async () => {
        const said = await throughApi(context, planned.node);
        return expired.test(said)
          ? yes(`the API server says of the kubelet of ${planned.node}: ${said}`)
          : notYet(said);
      },
    ),
  'apiserver-serving': (context, planned) =>
    prove(
      'fault-not-active',
      `the API server on ${planned.node} not to be trusted`,
      { withinMs: 30_000, everyMs: 500, signal: context.signal },
      async () => {
        const { said } = await askServer(context, planned);
        return expired.test(said) ? yes(`${planned.witness} says: ${said}`) : notYet(said);
      },
    ),
};

/** Its kubelet has started anew and is refused, so that the lease stands which a kubelet renews as soon as it starts. */
async function proveLocked(context: FaultContext, { node, startedAt }: Plan): Promise<string> {
  const { cluster, signal } = context;
  const lease = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`;
  let since: { readonly renewed: string; readonly atMs: number } | undefined;
  const look = async (): Promise<Look<string>> => {
    const [process] = await processesOf(cluster.node(node), 'kubelet', signal);
    if (process === undefined || process.startedAt === startedAt) return notYet('its kubelet has not started anew');
    const { ok, said } = await kubectlOn(
      cluster.node(node),
      ['--kubeconfig', kubeletConfig, 'get', '--raw', '/api'],
      signal,
    );
    if (ok || !/unauthorized/i.test(said)) return notYet(`the API says to its kubelet's certificate: ${said}`);
    const { spec } = (await withClient(context, (client) => client.request(lease, { signal, timeoutMs: 5_000 }))) as {
      readonly spec: { readonly renewTime?: string };
    };
    const renewed = spec.renewTime ?? 'never';
    if (since?.renewed !== renewed) since = { renewed, atMs: performance.now() };
    const standsMs = performance.now() - since.atMs;
    if (standsMs < 4_000) return notYet(`its lease is of ${renewed}`);
    return yes(
      `the API says to the certificate of ${node}: ${said}; its kubelet has started anew, and its lease stands at ${renewed}`,
    );
  };
  return prove(
    'fault-not-active',
    `the kubelet of ${node} to be locked out`,
    { withinMs: 40_000, everyMs: 500, signal },
    look,
  );
}

/** What the API server hears from a kubelet: `ok`, or why not. */
async function throughApi(context: FaultContext, node: string): Promise<string> {
  const { signal } = context;
  return withClient(context, (client) =>
    client.text(`/api/v1/nodes/${node}/proxy/healthz`, { signal, timeoutMs: 5_000 }).catch((error: unknown) => {
      if (error instanceof ApiError) return error.message;
      throw error;
    }),
  );
}

/** A new connection from the witness to that API server. */
async function askServer(
  { cluster, signal }: FaultContext,
  { node, address, witness }: Plan,
): Promise<{ readonly ok: boolean; readonly said: string }> {
  const url = cluster.facts.apiServers.find((each) => each.node === node)?.url ?? `https://${address}:6443`;
  return kubectlOn(
    cluster.node(witness),
    ['--kubeconfig', kubeletConfig, '--server', url, 'get', '--raw', '/livez'],
    signal,
  );
}

async function proveFile({ cluster, mark, signal }: FaultContext, { node, file, was }: Plan): Promise<string> {
  const shell = cluster.node(node);
  return prove(
    'fault-not-gone',
    `${file} on ${node} to be as before`,
    { withinMs: 30_000, everyMs: 300, signal },
    async () => {
      if (await isSwapped(shell, file, mark, signal)) return notYet('the original is still kept beside it');
      const is = await describeFile(shell, file, signal);
      return is === was ? yes(`${file} has its content, mode, owner and time`) : notYet(`it was ${was}, and is ${is}`);
    },
  );
}

async function proveTrusted(context: FaultContext, planned: Plan): Promise<string> {
  const { node, which } = planned;
  if (which === 'kubelet-client') return proveNodeBack(context, node);
  const options = { withinMs: 60_000, everyMs: 500, signal: context.signal };
  return prove('fault-not-gone', `${node} to be trusted`, options, async () => {
    const said =
      which === 'kubelet-serving' ? await throughApi(context, node) : (await askServer(context, planned)).said;
    return said.trim() === 'ok'
      ? yes(`${which === 'kubelet-serving' ? 'the kubelet' : 'the API server'} of ${node} is trusted`)
      : notYet(said);
  });
}
