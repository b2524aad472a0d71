import type { Manifest } from '../model/workload.ts';
import { eventually, notYet, yes } from '../util/eventually.ts';
import { isTransient } from './api-error.ts';
import type { KubeClient } from './client.ts';
import { Discovery } from './discovery.ts';
import type { KubeObject } from './object.ts';

interface Rollout extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
  };
}

const rolledOut = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Why a Deployment, StatefulSet or DaemonSet is not fully rolled out and available, or null. */
export function unready(object: KubeObject): string | null {
  const { spec, status = {}, metadata, kind = '' } = object as Rollout;
  const what = `${kind} ${metadata.name}`;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 1)) return `${what} is not yet seen by its controller`;
  const daemon = kind === 'DaemonSet';
  const wanted = daemon ? (status.desiredNumberScheduled ?? 0) : (spec?.replicas ?? 1);
  const updated = (daemon ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
  const available = (daemon ? status.numberAvailable : status.availableReplicas) ?? 0;
  const surplus = daemon ? 0 : (status.replicas ?? 0) - wanted;
  if (updated >= wanted && available >= wanted && surplus <= 0) return null;
  const counts = `${String(available)} of ${String(wanted)} available, ${String(updated)} updated`;
  return surplus > 0 ? `${what}: ${counts}, ${String(surplus)} old left` : `${what}: ${counts}`;
}

/**
 * Waits until every Deployment, StatefulSet and DaemonSet among the manifests is rolled out and available.
 * @throws HarnessError `timed-out` with the last state of the first that was not, and what its pods say
 */
export async function waitReady(
  client: KubeClient,
  manifests: readonly Manifest[],
  signal: AbortSignal,
  withinMs = 180_000,
): Promise<void> {
  const discovery = new Discovery(client);
  const waited = manifests.filter(({ kind }) => rolledOut.has(kind));
  await eventually(
    `${String(waited.length)} workloads to be available`,
    { withinMs, everyMs: 250, signal, transient: isTransient },
    async () => {
      for (const { apiVersion, kind, metadata } of waited) {
        const namespace = metadata.namespace ?? 'default';
        const collection = await discovery.collection(apiVersion, kind, namespace, signal);
        const object = (await client.request(`${collection}/${metadata.name}`, { signal })) as KubeObject;
        const because = unready({ ...object, kind });
        if (because !== null) return notYet(`${because}${await podTrouble(client, namespace, signal)}`);
      }
      return yes(undefined);
    },
  );
}

interface WaitingPod extends KubeObject {
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

/** What the first troubled pod of the namespace says of itself: unschedulable, no image, crash loop. */
async function podTrouble(client: KubeClient, namespace: string, signal: AbortSignal): Promise<string> {
  const list = (await client.request(`/api/v1/namespaces/${namespace}/pods`, { signal })) as {
    readonly items: readonly WaitingPod[];
  };
  for (const { metadata, status } of list.items) {
    const unscheduled = status?.conditions?.find((one) => one.type === 'PodScheduled' && one.status === 'False');
    const waiting = status?.containerStatuses?.map(({ state }) => state?.waiting).find((one) => one !== undefined);
    const said = unscheduled?.message ?? (waiting && `${waiting.reason ?? 'waiting'} ${waiting.message ?? ''}`.trim());
    if (said !== undefined) return ` (pod ${metadata.name}: ${said})`;
  }
  return '';
}
