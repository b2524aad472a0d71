import { connect, faultLabel, type KubeClient } from '../../harness/kube/index.ts';
import type { FaultContext } from '../../harness/model/fault.ts';

const collection = '/api/v1/namespaces/default/pods';
const nameOf = (mark: string, round: string): string => `shakedown-${mark.replaceAll('_', '-')}-${round}`;

/**
 * Lays a pod on a node, past the scheduler: only whether it gets a sandbox with an address matters, so its image need not
 * be there.
 */
async function make(client: KubeClient, name: string, mark: string, node: string, signal: AbortSignal): Promise<void> {
  const spec = {
    nodeName: node,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    restartPolicy: 'Never',
    tolerations: [{ operator: 'Exists' }],
    containers: [{ name: 'none', image: 'registry.invalid/none:none', imagePullPolicy: 'Never' }],
  };
  const metadata = { name, namespace: 'default', labels: { [faultLabel]: mark } };
  await client.request(collection, { method: 'POST', body: { apiVersion: 'v1', kind: 'Pod', metadata, spec }, signal });
}

export interface Trial {
  /** The pod's address once it has one, or null. The first look lays the pod, so that a look that fails can be repeated. */
  address(): Promise<string | null>;
  /** What the kubelet says about its sandbox, or null. */
  refusal(): Promise<string | null>;
}

/** Takes trial pods away that a process left when it was killed. Whether the API answers does not matter. */
export async function removeTrialPods(
  { cluster, mark, signal }: FaultContext,
  rounds: readonly string[],
): Promise<void> {
  const client = connect(cluster.kubeconfig);
  await Promise.all(rounds.map((round) => remove(client, `${collection}/${nameOf(mark, round)}`, signal)));
  client.close();
}

const remove = async (client: KubeClient, path: string, signal?: AbortSignal): Promise<unknown> =>
  client
    .request(path, { method: 'DELETE', query: { gracePeriodSeconds: '0' }, signal, timeoutMs: 5_000 })
    .catch(() => null);

/** Works with a pod of its own on that node, and takes it away again whatever comes of it. */
export async function withTrialPod<T>(
  { cluster, mark, signal }: FaultContext,
  node: string,
  round: string,
  work: (trial: Trial) => Promise<T>,
): Promise<T> {
  const client = connect(cluster.kubeconfig);
  const name = nameOf(mark, round);
  const path = `${collection}/${name}`;
  let laid = false;
  try {
    await remove(client, path, signal);
    return await work({
      address: async () => {
        if (!laid) await make(client, name, mark, node, signal);
        laid = true;
        const pod = (await client.request(path, { signal })) as { readonly status?: { readonly podIP?: string } };
        return pod.status?.podIP ?? null;
      },
      refusal: async () => {
        const fieldSelector = `involvedObject.name=${name},reason=FailedCreatePodSandBox`;
        const { items } = (await client.request('/api/v1/namespaces/default/events', {
          query: { fieldSelector },
          signal,
        })) as { readonly items: readonly { readonly message?: string }[] };
        return items.at(-1)?.message ?? null;
      },
    });
  } finally {
    await remove(client, path);
    client.close();
  }
}
