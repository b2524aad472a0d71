import type { ServiceState } from '../../model/endpoint-objects.ts';
import type { KubeObject } from '../object.ts';

interface RawService extends KubeObject {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly publishNotReadyAddresses?: boolean;
  };
}

export function reduceService(object: KubeObject): ServiceState {
  const { spec } = object as RawService;
  const selector = spec?.selector ?? {};
  return {
    selector: Object.keys(selector).length === 0 ? null : selector,
    publishNotReady: spec?.publishNotReadyAddresses ?? false,
  };
}
