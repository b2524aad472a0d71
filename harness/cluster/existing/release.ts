import { deleteLabelled, deleteNamespace, runLabel, type KubeClient } from '../../kube/index.ts';
import { Agents, type AgentsOptions } from './agents.ts';
import { agentNamespace } from './agent-pod.ts';
import { ownerOfAgents } from './agent-objects.ts';
import { notedImages, removeFrom } from './images.ts';
import type { RawNode } from './raw-node.ts';

/**
 * Takes away what a run made: first what it deployed, then, through the agents, the images that it brought, and at last the
 * agents themselves. What carries another run's name, or none, stays. Idempotent.
 */
export async function release(options: AgentsOptions, signal: AbortSignal): Promise<void> {
  const { client, run } = options;
  await deleteLabelled(client, `${runLabel}=${run}`, signal, agentNamespace);
  if ((await ownerOfAgents(client, signal)) !== run) return;
  await removeImages(client, new Agents(options), signal);
  await deleteNamespace(client, agentNamespace, signal);
}

async function removeImages(client: KubeClient, agents: Agents, signal: AbortSignal): Promise<void> {
  const noted = Object.entries(await notedImages(client, signal));
  if (noted.length === 0) return;
  const { items } = (await client.request('/api/v1/nodes', { signal })) as { readonly items: readonly RawNode[] };
  const removals = noted.map(async ([name, images]) => {
    const node = items.find(({ metadata }) => metadata.name === name);
    // A node that left the cluster took its images with it.
    if (node !== undefined) await removeFrom(await agents.shell(node), images, signal);
  });
  await Promise.all(removals);
  agents.close();
}
