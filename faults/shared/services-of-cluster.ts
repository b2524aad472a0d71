import { connect } from '../../harness/kube/index.ts';
import type { FaultContext } from '../../harness/model/fault.ts';

interface Service {
  readonly spec: { readonly clusterIP: string; readonly ports: readonly { readonly port: number }[] };
}

/** The address of the API's own Service, which every cluster has and kube-proxy serves on every node. */
export type ServiceAddress = { readonly address: string; readonly port: number };

/** @throws ApiError when the API does not answer */
export async function apiService({ cluster, signal }: FaultContext): Promise<ServiceAddress> {
  const client = connect(cluster.kubeconfig);
  try {
    const path = '/api/v1/namespaces/default/services/kubernetes';
    const { spec } = (await client.request(path, { signal })) as Service;
    return { address: spec.clusterIP, port: spec.ports[0]?.port ?? 443 };
  } finally {
    client.close();
  }
}
