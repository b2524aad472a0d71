import { ApiError, type KubeClient } from '../../harness/kube/index.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { podPath, type PodTarget } from './pods.ts';

/** What the API answered to an eviction: it began, its budget refused it, or the pod was not there any more. */
export type EvictionAnswer = { readonly answer: 'evicted' | 'refused' | 'gone'; readonly said: string };

/**
 * Asks for an eviction of exactly that pod. A dry run asks the budget and changes nothing.
 * @throws ApiError for any other answer
 */
export async function requestEviction(
  client: KubeClient,
  pod: PodTarget,
  signal: AbortSignal,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<EvictionAnswer> {
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: pod.name, namespace: pod.namespace },
    deleteOptions: { preconditions: { uid: pod.uid }, ...(dryRun ? { dryRun: ['All'] } : {}) },
  };
  const query = dryRun ? { dryRun: 'All' } : {};
  try {
    await client.request(`${podPath(pod)}/eviction`, { method: 'POST', body, query, signal, timeoutMs: 10_000 });
    return { answer: 'evicted', said: '201' };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 429) return { answer: 'refused', said: budgetWords(error) };
    // 409: a pod of that name is there, but it is another one.
    if (error.status === 404 || error.status === 409) return { answer: 'gone', said: String(error.status) };
    throw error;
  }
}

/** `The disruption budget web needs 4 healthy pods and has 4 currently`, where the server says so. */
function budgetWords(error: ApiError): string {
  const body = error.body as {
    readonly details?: { readonly causes?: readonly { readonly message?: string }[] };
  } | null;
  return `429: ${body?.details?.causes?.[0]?.message ?? messageOf(error)}`;
}
