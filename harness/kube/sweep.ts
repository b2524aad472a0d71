import { HarnessError } from '../model/errors.ts';
import { eventually, notYet, yes } from '../util/eventually.ts';
import { hasStatus, isTransient } from './api-error.ts';
import { deleteNamespace } from './apply.ts';
import type { KubeClient } from './client.ts';
import { asList, type KubeList } from './object.ts';

interface Resource {
  readonly name: string;
  readonly verbs: readonly string[];
}

/**
 * Deletes every object of any kind that carries the label, and waits until the namespaces among them are gone. Idempotent.
 * @param keep a namespace that stays, with all that is in it
 * @returns the paths of what was deleted
 */
export async function deleteLabelled(
  client: KubeClient,
  labelSelector: string,
  signal: AbortSignal,
  keep?: string,
): Promise<readonly string[]> {
  const query = { labelSelector };
  const { items } = (await client.request('/api/v1/namespaces', { query, signal })) as KubeList;
  const namespaces = items.map(({ metadata }) => metadata.name).filter((name) => name !== keep);
  const found: string[] = [];
  for (const collection of await collections(client, signal)) {
    const objects = (await answerOf(client.request(collection, { query, signal }))) as Pick<KubeList, 'items'> | null;
    for (const { metadata } of objects?.items ?? []) {
      const { name, namespace } = metadata;
      if (collection === '/api/v1/namespaces' || (keep !== undefined && namespace === keep)) continue;
      const [base = '', plural = ''] = splitAtLast(collection);
      const path = `${base}/${namespace === undefined ? '' : `namespaces/${namespace}/`}${plural}/${name}`;
      await answerOf(client.request(path, { method: 'DELETE', query: { propagationPolicy: 'Background' }, signal }));
      found.push(path);
    }
  }
  for (const name of namespaces) {
    await untilNoPods(client, name, signal);
    await deleteNamespace(client, name, signal);
  }
  return [...found, ...namespaces.map((name) => `/api/v1/namespaces/${name}`)];
}

/** A namespace that is deleted while pods end in it is looked at again only after half of their grace: 15 s, for nothing. */
async function untilNoPods(client: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  const options = { withinMs: 40_000, everyMs: 300, signal, transient: isTransient };
  await eventually(`the pods of ${namespace} to end`, options, async () => {
    const { items } = asList(await client.request(`/api/v1/namespaces/${namespace}/pods`, { signal }));
    return items.length === 0 ? yes(undefined) : notYet(`${String(items.length)} are there`);
  }).catch((error: unknown) => {
    // Those that nothing of ours owns go with the namespace itself.
    if (!(error instanceof HarnessError) || error.code !== 'timed-out') throw error;
  });
}

const splitAtLast = (path: string): readonly string[] => {
  const at = path.lastIndexOf('/');
  return [path.slice(0, at), path.slice(at + 1)];
};

/** The paths of all kinds, over all namespaces, that can be listed and deleted; of each group the version it prefers. */
async function collections(client: KubeClient, signal: AbortSignal): Promise<readonly string[]> {
  const { groups } = (await client.request('/apis', { signal })) as {
    readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
  };
  const roots = ['/api/v1', ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const found = roots.map(async (root) => {
    const answer = await answerOf(client.request(root, { signal }));
    const { resources } = (answer ?? { resources: [] }) as { readonly resources: readonly Resource[] };
    return resources
      .filter(({ name, verbs }) => !name.includes('/') && verbs.includes('list') && verbs.includes('delete'))
      .map(({ name }) => `${root}/${name}`);
  });
  return (await Promise.all(found)).flat();
}

/** Null for what is not there, may not be touched, or belongs to an API whose own server is away: none of it is ours. */
async function answerOf(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (error) {
    if ([403, 404, 405, 503].some((status) => hasStatus(error, status))) return null;
    throw error;
  }
}
