import { hasStatus, runLabel, type KubeClient, type KubeObject } from '../../kube/index.ts';
import type { AgentKeys } from './agent-link.ts';
import { agentNamespace, labelsOf, secretName } from './agent-pod.ts';

/** What the agents need before their pods: the paths to post to, and what, in this order. */
export function agentObjects(run: string, { certificate, key }: AgentKeys): readonly (readonly [string, object])[] {
  const labels = labelsOf(run);
  // Where the cluster has the standards for pods in force, only a namespace that says so may hold privileged ones.
  const standards = Object.fromEntries(
    ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'privileged']),
  );
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: agentNamespace, labels: { ...labels, ...standards } },
  };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, namespace: agentNamespace, labels },
    stringData: { 'tls.crt': certificate, 'tls.key': key },
  };
  return [
    ['/api/v1/namespaces', namespace],
    [`/api/v1/namespaces/${agentNamespace}/secrets`, secret],
  ];
}

/** The run that made the agents which are there; an empty string when they do not say, null when there are none. */
export async function ownerOfAgents(client: KubeClient, signal: AbortSignal): Promise<string | null> {
  try {
    const { metadata } = (await client.request(`/api/v1/namespaces/${agentNamespace}`, { signal })) as KubeObject;
    return metadata.labels?.[runLabel] ?? '';
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}
