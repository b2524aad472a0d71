import type { Json } from '../model/json.ts';
import type { KubeObject } from './object.ts';
import { reduceBudget } from './reduce/budget.ts';
import { reduceEndpointSlice } from './reduce/endpoint-slice.ts';
import { reduceEvent } from './reduce/event.ts';
import { reduceLease } from './reduce/lease.ts';
import { reduceNode } from './reduce/node.ts';
import { reducePod } from './reduce/pod.ts';
import { reduceService } from './reduce/service.ts';
import { reduceWorkload } from './reduce/workload.ts';

/** A collection of the API that the recorder follows. */
export interface Source {
  /** The kind, as StateEvent.object names it. */
  readonly object: string;
  /** The collection's path. */
  readonly path: string;
  readonly reduce: (object: KubeObject) => Json;
}

// The states are interfaces of plain JSON fields; TypeScript cannot see that they survive JSON.stringify.
const plain =
  (reduce: (object: KubeObject) => object) =>
  (object: KubeObject): Json =>
    reduce(object) as unknown as Json;

const namespaced = (group: string, plural: string, namespace: string): string =>
  `/${group}/namespaces/${namespace}/${plural}`;

/**
 * What a run records: all nodes and leases, and the workload objects of its namespaces.
 * Events about nodes live in the namespace `default`.
 */
export function sourcesOf(namespaces: readonly string[]): readonly Source[] {
  const perNamespace = namespaces.flatMap((namespace): Source[] => [
    { object: 'Pod', path: namespaced('api/v1', 'pods', namespace), reduce: plain(reducePod) },
    { object: 'Service', path: namespaced('api/v1', 'services', namespace), reduce: plain(reduceService) },
    {
      object: 'EndpointSlice',
      path: namespaced('apis/discovery.k8s.io/v1', 'endpointslices', namespace),
      reduce: plain(reduceEndpointSlice),
    },
    {
      object: 'PodDisruptionBudget',
      path: namespaced('apis/policy/v1', 'poddisruptionbudgets', namespace),
      reduce: plain(reduceBudget),
    },
    ...(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'] as const).map((object) => ({
      object,
      path: namespaced('apis/apps/v1', `${object.toLowerCase()}s`, namespace),
      reduce: plain(reduceWorkload),
    })),
  ]);
  const leases = ['kube-system', 'kube-node-lease'].map((namespace) => ({
    object: 'Lease',
    path: namespaced('apis/coordination.k8s.io/v1', 'leases', namespace),
    reduce: plain(reduceLease),
  }));
  const events = [...new Set([...namespaces, 'default'])].map((namespace) => ({
    object: 'Event',
    path: namespaced('api/v1', 'events', namespace),
    reduce: plain(reduceEvent),
  }));
  return [{ object: 'Node', path: '/api/v1/nodes', reduce: plain(reduceNode) }, ...leases, ...perNamespace, ...events];
}
