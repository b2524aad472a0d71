import type { KubeClient } from '../../harness/kube/index.ts';
import type { Json } from '../../harness/model/json.ts';

export interface Deployment {
  readonly metadata: { readonly uid: string; readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly template: Template;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxUnavailable?: number | string };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

/** A pod template as it came from the API: kept whole, to be put back exactly. */
export type Template = { readonly [key: string]: Json };

export const deploymentPath = (namespace: string, name: string): string =>
  `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;

export async function readDeployment(client: KubeClient, path: string, signal: AbortSignal): Promise<Deployment> {
  return (await client.request(path, { signal, timeoutMs: 5_000 })) as Deployment;
}

/** Replaces the whole template, or one path under it. */
export async function replaceTemplate(
  client: KubeClient,
  path: string,
  operations: readonly { readonly op: 'replace' | 'add'; readonly path: string; readonly value: Json }[],
  signal: AbortSignal,
): Promise<void> {
  await client.request(path, { method: 'PATCH', contentType: 'application/json-patch+json', body: operations, signal });
}

/** How many of its pods a rollout may take away at once; percentages are rounded down, as the controller does. */
export function maxUnavailable({ spec }: Deployment): number {
  const replicas = spec.replicas ?? 1;
  const given = spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  return typeof given === 'number' ? given : Math.floor((replicas * Number(given.replace('%', ''))) / 100);
}

/** What its controller says of it, once it has seen the newest template. */
export function rolloutWords({ metadata, spec, status = {} }: Deployment): {
  readonly whole: boolean;
  readonly words: string;
} {
  const { replicas = 1 } = spec;
  const { observedGeneration = 0, updatedReplicas = 0, readyReplicas = 0, replicas: all = 0 } = status;
  const seen = observedGeneration >= (metadata.generation ?? 0);
  return {
    whole: seen && updatedReplicas === replicas && readyReplicas === replicas && all === replicas,
    words: `${String(readyReplicas)} of ${String(replicas)} pods Ready, ${String(updatedReplicas)} of the newest template, ${String(all)} in all`,
  };
}
