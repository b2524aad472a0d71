import type { Manifest } from '../model/workload.ts';
import { eventually, notYet, yes } from '../util/eventually.ts';
import { hasStatus, isTransient } from './api-error.ts';
import type { KubeClient } from './client.ts';
import { Discovery } from './discovery.ts';

export { waitReady } from './ready.ts';

export const fieldManager = 'shakedown';
/** On every object that a run made, with the run's id, so that what is left over can be found. */
export const runLabel = 'shakedown.dev/run';
/** On every object that a fault makes, with the mark of the injection: after it there must be none. */
export const faultLabel = 'shakedown.dev/fault';

/**
 * Applies manifests in their order by server-side apply, so that it may be repeated. A server that is just starting, or a
 * webhook that is not yet reachable, is given 30 s.
 * @throws ApiError with the object's kind and name
 */
export async function applyManifests(
  client: KubeClient,
  manifests: readonly Manifest[],
  run: string,
  signal: AbortSignal,
): Promise<void> {
  const discovery = new Discovery(client);
  for (const manifest of manifests) {
    const { name, namespace = 'default', labels } = manifest.metadata;
    const body = { ...manifest, metadata: { ...manifest.metadata, labels: { ...labels, [runLabel]: run } } };
    await eventually(
      `${manifest.kind} ${name} to be applied`,
      { withinMs: 30_000, everyMs: 300, signal, transient: isTransient },
      async () => {
        const collection = await discovery.collection(manifest.apiVersion, manifest.kind, namespace, signal);
        await client.request(`${collection}/${name}`, {
          method: 'PATCH',
          query: { fieldManager, force: 'true' },
          contentType: 'application/apply-patch+yaml',
          body,
          signal,
        });
        return yes(undefined);
      },
    );
  }
}

/** Makes a namespace, or takes over one of that name. */
export async function createNamespace(
  client: KubeClient,
  name: string,
  run: string,
  signal: AbortSignal,
): Promise<void> {
  await applyManifests(client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }], run, signal);
}

/**
 * Deletes a namespace with all that is in it and waits until it is gone. Idempotent.
 * @throws HarnessError `timed-out` with what still holds it
 */
export async function deleteNamespace(
  client: KubeClient,
  name: string,
  signal: AbortSignal,
  withinMs = 90_000,
): Promise<void> {
  const path = `/api/v1/namespaces/${name}`;
  let asked = false;
  await eventually(
    `the namespace ${name} to be gone`,
    { withinMs, everyMs: 300, signal, transient: isTransient },
    async () => {
      try {
        const seen = await client.request(path, { method: asked ? 'GET' : 'DELETE', signal });
        asked = true;
        return notYet(holders(seen));
      } catch (error) {
        if (hasStatus(error, 404)) return yes(undefined);
        // A namespace that is being deleted already answers 409.
        if (!hasStatus(error, 409)) throw error;
        asked = true;
        return notYet('it is being deleted');
      }
    },
  );
}

function holders(namespace: unknown): string {
  const { status } = namespace as {
    readonly status?: {
      readonly phase?: string;
      readonly conditions?: readonly { status: string; message?: string }[];
    };
  };
  const messages = (status?.conditions ?? []).filter((one) => one.status === 'True').map((one) => one.message ?? '');
  return [status?.phase ?? 'unknown', ...messages].join('; ');
}
