import { connect, type KubeList } from '../../harness/kube/index.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';

/** A TCP port that a running pod serves on its own address. */
export type PodPort = {
  readonly pod: string;
  readonly node: string;
  readonly address: string;
  readonly port: number;
};

interface PodSpec {
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly containers: readonly {
    readonly ports?: readonly { readonly containerPort: number; readonly protocol?: string }[];
  }[];
}
interface PodStatus {
  readonly phase?: string;
  readonly podIP?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

/** The TCP ports that Ready pods with an address of their own declare, in the order of their names. */
export async function podPorts({ cluster, signal }: FaultContext): Promise<readonly PodPort[]> {
  const client = connect(cluster.kubeconfig);
  try {
    const { items } = (await client.request('/api/v1/pods', { signal })) as KubeList;
    return items.flatMap(({ metadata, ...pod }): PodPort[] => {
      const spec = pod['spec'] as PodSpec;
      const status = pod['status'] as PodStatus | undefined;
      const ports = spec.containers.flatMap((container) => container.ports ?? []);
      const port = ports.find(({ protocol = 'TCP' }) => protocol === 'TCP')?.containerPort;
      const ready = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
      const { podIP } = status ?? {};
      if (!ready || spec.hostNetwork === true || port === undefined) return [];
      if (podIP === undefined || spec.nodeName === undefined || metadata.deletionTimestamp !== undefined) return [];
      return [{ pod: metadata.name, node: spec.nodeName, address: podIP, port }];
    });
  } finally {
    client.close();
  }
}

/** The same for the proof that a fault is gone, when the pods of its plan may have been replaced; null where the API cannot be asked. */
export async function podPortsNow(context: FaultContext): Promise<readonly PodPort[] | null> {
  try {
    return await podPorts(context);
  } catch (error) {
    if (error instanceof HarnessError) return null;
    throw error;
  }
}
