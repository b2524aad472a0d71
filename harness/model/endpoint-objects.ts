import type { Json } from './json.ts';
import { array, asObject, boolean, labels, optionalText, text } from './object-fields.ts';

/** Who answers for a Service, as objects.ts has the other objects: the `value` of a StateEvent. */
export interface EndpointState {
  readonly pod: string;
  /** Optional: the pod's uid, where the slice says it. */
  readonly uid?: string | null;
  readonly node: string | null;
  readonly zone: string | null;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

export interface EndpointSliceState {
  /** The value of kubernetes.io/service-name. */
  readonly service: string;
  readonly endpoints: readonly EndpointState[];
}

export interface ServiceState {
  /** Null when somebody else than the cluster chooses its endpoints. */
  readonly selector: Readonly<Record<string, string>> | null;
  /** Whether pods that are not Ready are endpoints too. */
  readonly publishNotReady: boolean;
}

/** @throws HarnessError `history` naming the field, as all readers here do */
export function readEndpointSlice(value: Json): EndpointSliceState {
  const slice = asObject(value, 'EndpointSlice');
  return {
    service: text(slice, 'service', 'EndpointSlice'),
    endpoints: array(slice, 'endpoints').map((item) => {
      const endpoint = asObject(item, 'EndpointSlice.endpoints');
      return {
        pod: optionalText(endpoint, 'pod') ?? '',
        uid: optionalText(endpoint, 'uid'),
        node: optionalText(endpoint, 'node'),
        zone: optionalText(endpoint, 'zone'),
        ready: boolean(endpoint, 'ready'),
        serving: boolean(endpoint, 'serving'),
        terminating: boolean(endpoint, 'terminating'),
      };
    }),
  };
}

export function readService(value: Json): ServiceState {
  const service = asObject(value, 'Service');
  const wanted = service['selector'];
  return {
    selector: wanted === undefined || wanted === null ? null : labels(wanted),
    publishNotReady: boolean(service, 'publishNotReady'),
  };
}
