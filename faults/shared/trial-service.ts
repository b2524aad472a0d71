import { connect, faultLabel, hasStatus, type KubeClient } from '../../harness/kube/index.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import type { ServiceAddress } from './services-of-cluster.ts';

const services = '/api/v1/namespaces/default/services';
const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
const nameOf = (mark: string, round: string): string => `shakedown-${mark.replaceAll('_', '-')}-${round}`;

/** Where the API's own Service leads: something that answers on every cluster. */
interface Slice {
  readonly addressType: string;
  readonly ports: readonly { readonly port: number }[];
  readonly endpoints: readonly { readonly addresses: readonly string[] }[];
}

/** Takes trial Services away that a process left when it was killed. Whether the API answers does not matter. */
export async function removeTrialServices(
  { cluster, mark, signal }: FaultContext,
  rounds: readonly string[],
): Promise<void> {
  const client = connect(cluster.kubeconfig);
  await Promise.all(rounds.map((round) => remove(client, nameOf(mark, round), signal).catch(() => null)));
  client.close();
}

async function remove(client: KubeClient, name: string, signal?: AbortSignal): Promise<void> {
  const paths = [services, slices].map((collection) => `${collection}/${name}`);
  await Promise.all(
    paths.map((path) =>
      client.request(path, { method: 'DELETE', signal, timeoutMs: 5_000 }).catch((error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
      }),
    ),
  );
}

/** The slice is there before its Service, so that no node writes a rule that refuses for want of endpoints. */
async function lay(client: KubeClient, name: string, mark: string, signal: AbortSignal): Promise<ServiceAddress> {
  const { addressType, ports, endpoints } = (await client.request(`${slices}/kubernetes`, { signal })) as Slice;
  const targetPort = ports[0]?.port ?? 6_443;
  const labels = {
    'kubernetes.io/service-name': name,
    'endpointslice.kubernetes.io/managed-by': 'shakedown',
    [faultLabel]: mark,
  };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'default', labels },
    addressType,
    ports: [{ name: '', protocol: 'TCP', port: targetPort }],
    endpoints: endpoints.map(({ addresses }) => ({ addresses, conditions: { ready: true } })),
  };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', labels: { [faultLabel]: mark } },
    spec: { ports: [{ protocol: 'TCP', port: 443, targetPort }] },
  };
  await client.request(slices, { method: 'POST', body: slice, signal });
  const { spec } = (await client.request(services, { method: 'POST', body: service, signal })) as {
    readonly spec: { readonly clusterIP: string };
  };
  return { address: spec.clusterIP, port: 443 };
}

export interface TrialService {
  /** Its address. The first call lays the Service, so that a look that fails can be repeated. */
  address(): Promise<ServiceAddress>;
  /** Takes it away, as a Service goes whose owner deletes it. */
  remove(): Promise<void>;
}

/** Works with a Service of its own, which leads to the API servers, and takes it away again whatever comes of it. */
export async function withTrialService<T>(
  { cluster, mark, signal }: FaultContext,
  round: string,
  work: (trial: TrialService) => Promise<T>,
): Promise<T> {
  const client = connect(cluster.kubeconfig);
  const name = nameOf(mark, round);
  let laid: ServiceAddress | undefined;
  try {
    return await work({
      address: async () => {
        if (laid !== undefined) return laid;
        await remove(client, name, signal);
        return (laid = await lay(client, name, mark, signal));
      },
      remove: () => remove(client, name, signal),
    });
  } finally {
    await remove(client, name).catch(() => null);
    client.close();
  }
}
