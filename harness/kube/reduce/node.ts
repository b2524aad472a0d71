import type { NodeState, Taint } from '../../model/objects.ts';
import { conditionOf, type Condition, type KubeObject } from '../object.ts';

interface RawNode extends KubeObject {
  readonly spec?: { readonly taints?: readonly Taint[]; readonly unschedulable?: boolean };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export const zoneLabel = 'topology.kubernetes.io/zone';

export function reduceNode(object: KubeObject): NodeState {
  const node = object as RawNode;
  const ready = conditionOf(node.status?.conditions, 'Ready');
  const labels = node.metadata.labels ?? {};
  return {
    zone: labels[zoneLabel] ?? null,
    ready: ready?.status === 'True' || ready?.status === 'False' ? ready.status : 'Unknown',
    reason: ready?.reason ?? '',
    taints: (node.spec?.taints ?? []).map(({ key, effect, value }) => ({
      key,
      effect,
      ...(value === undefined ? {} : { value }),
    })),
    unschedulable: node.spec?.unschedulable ?? false,
    labels,
  };
}
