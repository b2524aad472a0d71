import { isTransient, type KubeClient, type KubeObject } from '../../kube/index.ts';
import { HarnessError } from '../../model/errors.ts';
import { goArchitecture } from '../../toolchain/platform.ts';
import { eventually, yes } from '../../util/eventually.ts';
import { agentNamespace, agentPod, podName } from './agent-pod.ts';
import { ownerOfAgents } from './agent-objects.ts';
import type { RawNode } from './raw-node.ts';

/** The annotation of kube-system by which the owner of a cluster lets it be broken. */
export const allowance = 'shakedown.dev/allow';

/** What the API tells of a cluster, without changing anything. */
export interface View {
  readonly version: string;
  readonly nodes: readonly RawNode[];
  readonly allowed: boolean;
  /** The run whose agents are there; see `ownerOfAgents`. */
  readonly owner: string | null;
  /** The addresses at which API servers serve `kubernetes.default`, with their port. */
  readonly apiServers: readonly { readonly address: string; readonly port: number }[];
}

interface Endpoints {
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  }[];
}

/** @throws ApiError when the API does not answer or this user may not read it */
export async function look(client: KubeClient, signal: AbortSignal): Promise<View> {
  const get = (path: string): Promise<unknown> =>
    eventually(`an answer to GET ${path}`, { withinMs: 10_000, signal, transient: isTransient }, async () =>
      yes(await client.request(path, { signal })),
    );
  const [version, nodes, system, endpoints, owner] = await Promise.all([
    get('/version') as Promise<{ readonly gitVersion: string }>,
    get('/api/v1/nodes') as Promise<{ readonly items: readonly RawNode[] }>,
    get('/api/v1/namespaces/kube-system') as Promise<KubeObject>,
    get('/api/v1/namespaces/default/endpoints/kubernetes') as Promise<Endpoints>,
    ownerOfAgents(client, signal),
  ]);
  const apiServers = (endpoints.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    addresses.flatMap(({ ip }) => ports.map(({ port }) => ({ address: ip, port }))),
  );
  return {
    version: version.gitVersion,
    nodes: nodes.items,
    allowed: system.metadata.annotations?.[allowance] === 'true',
    owner,
    apiServers,
  };
}

/**
 * Why no pod that makes a node's shell would be admitted, or null: a pod is sent that the server checks and does not store.
 * It is sent to kube-system, for the agents' own namespace is only made when it is needed.
 */
export async function whyNoAgents(
  client: KubeClient,
  nodes: readonly RawNode[],
  image: string | undefined,
  signal: AbortSignal,
): Promise<string | null> {
  const [node] = nodes;
  if (node === undefined) return 'it has no nodes';
  const other = nodes.find(
    ({ status }) => status?.nodeInfo?.operatingSystem !== 'linux' || status.nodeInfo.architecture !== goArchitecture(),
  );
  if (other !== undefined) {
    const { operatingSystem = 'unknown', architecture = 'unknown' } = other.status?.nodeInfo ?? {};
    return `its node ${other.metadata.name} is ${operatingSystem} on ${architecture}, and this machine ${process.platform} on ${process.arch}`;
  }
  const pod = agentPod(node, 'dry-run', image) as unknown as { readonly metadata: object };
  const body = {
    ...pod,
    metadata: { ...pod.metadata, namespace: 'kube-system', name: `${agentNamespace}-${podName('trial')}` },
  };
  try {
    await client.request('/api/v1/namespaces/kube-system/pods', {
      method: 'POST',
      query: { dryRun: 'All' },
      body,
      signal,
    });
    return null;
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return `it admits no privileged pod for a node's shell (${error.message})`;
  }
}
