import type { KubeClient } from '../../harness/kube/index.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { listPods, withClient, type Pod } from './pods.ts';
import { prove } from './prove.ts';

interface Nodes {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec?: {
      readonly unschedulable?: boolean;
      readonly taints?: readonly { readonly key: string }[];
    };
  }[];
}

const taintKey = 'node.kubernetes.io/unschedulable';

async function listNodes(client: KubeClient, signal: AbortSignal): Promise<Nodes['items']> {
  return ((await client.request('/api/v1/nodes', { signal, timeoutMs: 5_000 })) as Nodes).items;
}

/** The nodes that are cordoned. */
export async function cordoned(client: KubeClient, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const nodes = await listNodes(client, signal);
  return new Set(nodes.filter(({ spec }) => spec?.unschedulable === true).map(({ metadata }) => metadata.name));
}

/** Idempotent. */
export async function setCordon(client: KubeClient, node: string, on: boolean, signal: AbortSignal): Promise<void> {
  await client.request(`/api/v1/nodes/${node}`, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { spec: { unschedulable: on ? true : null } },
    signal,
  });
}

/** The pods on those nodes that a drain takes: neither a DaemonSet's, nor the kubelet's own, nor ended ones. */
export async function evictable(
  client: KubeClient,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const pods = await listPods(client, '', signal);
  return pods.filter(
    ({ node, ownerKind, phase, mirror }) =>
      nodes.includes(node) &&
      ownerKind !== 'DaemonSet' &&
      ownerKind !== 'Node' &&
      !mirror &&
      phase !== 'Succeeded' &&
      phase !== 'Failed',
  );
}

/** The node controller has tainted the cordoned nodes, which is what the scheduler goes by. @throws HarnessError `fault-not-active` */
export async function proveCordoned(context: FaultContext, nodes: readonly string[]): Promise<string> {
  const options = { withinMs: 20_000, everyMs: 200, signal: context.signal };
  return withClient(context, (client) =>
    prove('fault-not-active', `${nodes.join(', ')} to be tainted`, options, async () => {
      const seen = await tainted(client, context.signal);
      const clean = nodes.filter((node) => !seen.has(node));
      return clean.length === 0 ? yes(`${nodes.join(', ')} cordoned`) : notYet(`${clean.join(', ')} has no taint`);
    }),
  );
}

/** Neither cordon nor its taint is left. @throws HarnessError `fault-not-gone` */
export async function proveUncordoned(context: FaultContext, nodes: readonly string[]): Promise<string> {
  const options = { withinMs: 30_000, everyMs: 200, signal: context.signal };
  return withClient(context, (client) =>
    prove('fault-not-gone', `${nodes.join(', ')} to be schedulable`, options, async () => {
      const marked = new Set([...(await tainted(client, context.signal)), ...(await cordoned(client, context.signal))]);
      const left = nodes.filter((node) => marked.has(node));
      return left.length === 0
        ? yes(`${nodes.join(', ')} schedulable`)
        : notYet(`${left.join(', ')} is still cordoned`);
    }),
  );
}

async function tainted(client: KubeClient, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const nodes = await listNodes(client, signal);
  const has = ({ spec }: Nodes['items'][number]): boolean => spec?.taints?.some(({ key }) => key === taintKey) === true;
  return new Set(nodes.filter(has).map(({ metadata }) => metadata.name));
}
