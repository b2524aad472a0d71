import { messageOf } from '../../model/errors.ts';
import { hasStatus } from '../api-error.ts';
import type { KubeClient } from '../client.ts';
import type { KubeObject } from '../object.ts';
import { leaseDurationSeconds, reduceLease } from '../reduce/lease.ts';

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

const elections = ['kube-controller-manager', 'kube-scheduler'];

/** How long the holder of each leader election may be silent, from the Lease that it holds. */
export async function apiSettings(client: KubeClient, signal: AbortSignal): Promise<readonly Setting[]> {
  return (await Promise.all(elections.map((name) => electionOf(client, name, signal)))).flat();
}

async function electionOf(client: KubeClient, name: string, signal: AbortSignal): Promise<readonly Setting[]> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}`;
  const source = `Lease kube-system/${name}`;
  try {
    const lease = (await client.request(path, { signal })) as KubeObject;
    const seconds = leaseDurationSeconds(lease);
    return [
      { name: `${name} lease`, value: seconds === null ? 'unknown' : `${String(seconds)}s`, source },
      { name: `${name} leader`, value: reduceLease(lease).holder, source },
    ];
  } catch (error) {
    signal.throwIfAborted();
    if (hasStatus(error, 404)) return [];
    return [{ name: `${name} lease`, value: 'unknown', source: messageOf(error) }];
  }
}
