import { hasStatus, type KubeClient } from '../../../harness/kube/index.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';

/** Whether the API has no such object. */
export async function isGone(client: KubeClient, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.request(path, { signal });
    return false;
  } catch (error) {
    if (hasStatus(error, 404)) return true;
    throw error;
  }
}

/** Deletes an object, if it is there. */
export async function remove(client: KubeClient, path: string, signal: AbortSignal): Promise<void> {
  try {
    await client.request(path, { method: 'DELETE', query: { gracePeriodSeconds: '1' }, signal });
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

/** Waits until the API has no such objects. @throws HarnessError `fault-not-gone` */
export async function proveRemoved(client: KubeClient, paths: readonly string[], signal: AbortSignal): Promise<string> {
  const names = paths.map((path) => path.replace(/^.*\//, '')).join(', ');
  try {
    return await eventually(`${names} to be gone`, { withinMs: 30_000, signal }, async () => {
      for (const path of paths) if (!(await isGone(client, path, signal))) return notYet(`${path} is there`);
      return yes(`${names} is gone`);
    });
  } catch (cause) {
    throw new HarnessError('fault-not-gone', `${names} is still there`, { cause });
  }
}
