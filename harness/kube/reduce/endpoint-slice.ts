import type { EndpointSliceState } from '../../model/endpoint-objects.ts';
import type { KubeObject } from '../object.ts';

interface RawSlice extends KubeObject {
  readonly endpoints?:
    | readonly {
        readonly targetRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
        readonly nodeName?: string;
        readonly zone?: string;
        readonly addresses?: readonly string[];
        readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
      }[]
    | null;
}

/** An endpoint without a pod (the API server's own, for one) goes by its address. */
export function reduceEndpointSlice(object: KubeObject): EndpointSliceState {
  const slice = object as RawSlice;
  return {
    service: slice.metadata.labels?.['kubernetes.io/service-name'] ?? '',
    endpoints: (slice.endpoints ?? []).map(({ targetRef, nodeName, zone, addresses, conditions }) => {
      // The API's own rule: an absent condition means true, except for terminating.
      const ready = conditions?.ready ?? true;
      return {
        pod: targetRef?.name ?? addresses?.[0] ?? '',
        uid: targetRef?.uid ?? null,
        node: nodeName ?? null,
        zone: zone ?? null,
        ready,
        serving: conditions?.serving ?? ready,
        terminating: conditions?.terminating ?? false,
      };
    }),
  };
}
