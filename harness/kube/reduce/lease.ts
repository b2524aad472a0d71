import type { LeaseState } from '../../model/objects.ts';
import type { KubeObject } from '../object.ts';

interface RawLease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly renewTime?: string;
    readonly acquireTime?: string;
    readonly leaseTransitions?: number;
    readonly leaseDurationSeconds?: number;
  };
}

export function reduceLease(object: KubeObject): LeaseState {
  const { spec } = object as RawLease;
  return {
    holder: spec?.holderIdentity ?? '',
    renewTime: spec?.renewTime ?? null,
    transitions: spec?.leaseTransitions ?? 0,
    acquireTime: spec?.acquireTime ?? null,
    durationSeconds: spec?.leaseDurationSeconds ?? null,
  };
}

/** How long the holder may be silent, in seconds, or null when the lease does not say. */
export const leaseDurationSeconds = (object: KubeObject): number | null =>
  (object as RawLease).spec?.leaseDurationSeconds ?? null;
