import type { Cluster } from '../../model/cluster.ts';
import { messageOf } from '../../model/errors.ts';
import type { KubeClient } from '../client.ts';
import { grouped, type Said } from './grouped.ts';

/** Fields of the kubelet's configuration as it serves them at /configz. */
const fields = ['nodeStatusUpdateFrequency', 'nodeStatusReportFrequency', 'nodeLeaseDurationSeconds'];

/** kube-proxy says its mode at its metrics address; bash opens the connection, for curl is not on every node. */
const proxyMode =
  "exec 3<>/dev/tcp/127.0.0.1/10249 && printf 'GET /proxyMode HTTP/1.0\\r\\n\\r\\n' >&3 && tr -d '\\r' <&3 | sed '1,/^$/d'";

/** Settings of every node's kubelet and kube-proxy. */
export async function kubeletSettings(
  cluster: Cluster,
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly { readonly name: string; readonly value: string; readonly source: string }[]> {
  const nodes = cluster.facts.nodes.map(({ name }) => name);
  const configs = nodes.map((node) => configOf(client, node, signal));
  const modes = cluster.facts.capabilities.includes('node-shell')
    ? nodes.map((node) => proxyModeOf(cluster, node, signal))
    : [];
  return grouped((await Promise.all([...configs, ...modes])).flat());
}

async function configOf(client: KubeClient, node: string, signal: AbortSignal): Promise<readonly Said[]> {
  const source = 'kubelet /configz';
  try {
    const answer = (await client.request(`/api/v1/nodes/${node}/proxy/configz`, { signal })) as {
      readonly kubeletconfig: Readonly<Record<string, string | number | undefined>>;
    };
    return fields.map((field) => {
      const value = answer.kubeletconfig[field];
      return { name: `kubelet ${field}`, where: node, value: value === undefined ? 'unknown' : String(value), source };
    });
  } catch (error) {
    signal.throwIfAborted();
    const why = messageOf(error);
    return fields.map((field) => ({ name: `kubelet ${field}`, where: node, value: 'unknown', source: why }));
  }
}

async function proxyModeOf(cluster: Cluster, node: string, signal: AbortSignal): Promise<readonly Said[]> {
  const { stdout } = await cluster
    .node(node)
    .exec(['bash', '-c', proxyMode], { signal, timeoutMs: 5_000, allowFailure: true });
  // A node without kube-proxy has no mode: a control plane of some clusters.
  if (stdout.trim() === '') return [];
  return [{ name: 'kube-proxy mode', where: node, value: stdout.trim(), source: 'kube-proxy /proxyMode' }];
}
