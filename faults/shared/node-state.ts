import { connect, type KubeObject } from '../../harness/kube/index.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { prove } from './prove.ts';

interface RawNode extends KubeObject {
  readonly spec?: { readonly taints?: readonly { readonly key: string }[] };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  };
}

const lifecycleTaints = ['node.kubernetes.io/unreachable', 'node.kubernetes.io/not-ready'];

/**
 * The node is Ready without the taints of its loss, and its kubelet renewed its lease while we looked: a short loss never
 * made it NotReady, so Ready alone proves nothing.
 * @throws HarnessError `fault-not-gone`
 */
export async function proveNodeBack(context: FaultContext, node: string, withinMs = 120_000): Promise<string> {
  const { cluster, signal } = context;
  const client = connect(cluster.kubeconfig);
  let firstRenewal: string | undefined;
  const options = { withinMs, everyMs: 250, signal };
  try {
    return await prove('fault-not-gone', `${node} to be Ready with a fresh lease`, options, async () => {
      const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`;
      const lease = (await client.request(path, { signal, timeoutMs: 5_000 })) as {
        readonly spec: { readonly renewTime?: string };
      };
      const renewed = lease.spec.renewTime ?? 'never';
      firstRenewal ??= renewed;
      const { spec, status } = (await client.request(`/api/v1/nodes/${node}`, { signal, timeoutMs: 5_000 })) as RawNode;
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      if (ready?.status !== 'True')
        return notYet(`Ready=${ready?.status ?? 'Unknown'} (${ready?.reason ?? 'no reason'})`);
      const taint = spec?.taints?.find(({ key }) => lifecycleTaints.includes(key));
      if (taint !== undefined) return notYet(`it still has the taint ${taint.key}`);
      if (renewed === firstRenewal) return notYet(`Ready, but its lease is of ${renewed}`);
      return yes(`${node} is Ready and renewed its lease at ${renewed}`);
    });
  } finally {
    client.close();
  }
}
