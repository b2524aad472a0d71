import type { Placement, SpreadConstraint, Toleration, WorkloadState } from '../../model/objects.ts';
import { controllerOf, type KubeObject } from '../object.ts';
import { reduceSelector, type RawSelector } from './selector.ts';

interface RawPodSpec {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms?: readonly {
          readonly matchExpressions?: RawSelector['matchExpressions'];
        }[];
      };
    };
  };
  readonly topologySpreadConstraints?: readonly {
    readonly maxSkew: number;
    readonly topologyKey: string;
    readonly whenUnsatisfiable: string;
    readonly labelSelector?: RawSelector;
    readonly minDomains?: number;
    readonly nodeAffinityPolicy?: 'Honor' | 'Ignore';
    readonly nodeTaintsPolicy?: 'Honor' | 'Ignore';
    readonly matchLabelKeys?: readonly string[];
  }[];
}

interface RawWorkload extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: RawSelector;
    readonly template?: { readonly spec?: RawPodSpec };
  };
  readonly status?: {
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly updatedNumberScheduled?: number;
  };
}

/** A Deployment, ReplicaSet or StatefulSet; a DaemonSet wants as many replicas as nodes suit it. */
export function reduceWorkload(object: KubeObject): WorkloadState {
  const { spec, status, metadata } = object as RawWorkload;
  const pod = spec?.template?.spec;
  return {
    replicas: spec?.replicas ?? status?.desiredNumberScheduled ?? 0,
    ready: status?.readyReplicas ?? status?.numberReady ?? 0,
    updated: status?.updatedReplicas ?? status?.updatedNumberScheduled ?? 0,
    selector: reduceSelector(spec?.selector),
    topologySpreadConstraints: (pod?.topologySpreadConstraints ?? []).map((constraint): SpreadConstraint => ({
      maxSkew: constraint.maxSkew,
      topologyKey: constraint.topologyKey,
      whenUnsatisfiable: constraint.whenUnsatisfiable,
      selector: reduceSelector(constraint.labelSelector),
      minDomains: constraint.minDomains ?? null,
      nodeAffinityPolicy: constraint.nodeAffinityPolicy ?? 'Honor',
      nodeTaintsPolicy: constraint.nodeTaintsPolicy ?? 'Ignore',
      matchLabelKeys: constraint.matchLabelKeys ?? [],
    })),
    placement: reducePlacement(pod),
    ...controllerOf(metadata),
  };
}

function reducePlacement(pod: RawPodSpec | undefined): Placement {
  const required = pod?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return {
    nodeSelector: pod?.nodeSelector ?? {},
    nodeTerms: (required?.nodeSelectorTerms ?? []).map(({ matchExpressions }) =>
      reduceSelector(matchExpressions === undefined ? undefined : { matchExpressions }),
    ),
    tolerations: pod?.tolerations ?? [],
  };
}
