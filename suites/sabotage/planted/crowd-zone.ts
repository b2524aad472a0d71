import { connect, type KubeClient, type KubeList } from '../../../harness/kube/index.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { bareFault } from '../../self/bare-fault.ts';

type Plan = { readonly zone: string; readonly cordoned: readonly string[] };

const pods = '/api/v1/namespaces/shakedown/pods';

/**
 * Plants two violations at once: it deletes every pod of a selector past any budget while only one zone takes new ones, so
 * that they all come back there and stay there.
 */
export const crowdZone = bareFault<Plan, { readonly selector: string }>({
  name: 'crowd-zone',
  summary: 'Deletes all pods of a workload while only one zone accepts new ones.',
  plan: ({ cluster, random }) => {
    const workers = cluster.facts.nodes.filter(({ role }) => role === 'worker');
    const zone = random.pick([...new Set(workers.flatMap((node) => node.zone ?? []))]);
    return Promise.resolve({ zone, cordoned: workers.filter((node) => node.zone !== zone).map(({ name }) => name) });
  },
  targets: () => ['deployment shakedown/web'],
  impact: ({ zone }) => `every pod of the workload is deleted and comes back in ${zone}`,
  inject: async ({ cluster, signal }, { cordoned }) => {
    const client = connect(cluster.kubeconfig);
    await cordon(client, cordoned, true, signal);
    await client.request(pods, { method: 'DELETE', query: { labelSelector: 'app=web' }, signal });
  },
  proveActive: ({ cluster, signal }, { zone }) => {
    const inZone = new Set(cluster.facts.nodes.filter((node) => node.zone === zone).map(({ name }) => name));
    const client = connect(cluster.kubeconfig);
    return eventually('every pod to be in one zone', { withinMs: 30_000, signal }, async () => {
      const list = (await client.request(pods, { query: { labelSelector: 'app=web' }, signal })) as KubeList;
      const staying = list.items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      const nodes = staying.map(
        (pod) => (pod as { readonly spec?: { readonly nodeName?: string } }).spec?.nodeName ?? 'none',
      );
      const crowded = nodes.length > 0 && nodes.every((node) => inZone.has(node));
      return crowded ? yes(`${String(nodes.length)} pods are in ${zone}`) : notYet(`pods on ${nodes.join(', ')}`);
    });
  },
  heal: ({ cluster, signal }, { cordoned }) => cordon(connect(cluster.kubeconfig), cordoned, false, signal),
  proveGone: async ({ cluster, signal }, { cordoned }) => {
    const client = connect(cluster.kubeconfig);
    for (const name of cordoned) {
      const node = (await client.request(`/api/v1/nodes/${name}`, { signal })) as {
        readonly spec?: { readonly unschedulable?: boolean };
      };
      if (node.spec?.unschedulable === true) throw new HarnessError('fault-not-gone', `${name} is still cordoned`);
    }
    return `${cordoned.join(', ')} take new pods again`;
  },
});

async function cordon(
  client: KubeClient,
  nodes: readonly string[],
  unschedulable: boolean,
  signal: AbortSignal,
): Promise<void> {
  for (const name of nodes) {
    const contentType = 'application/merge-patch+json';
    await client.request(`/api/v1/nodes/${name}`, {
      method: 'PATCH',
      contentType,
      body: { spec: { unschedulable } },
      signal,
    });
  }
}
