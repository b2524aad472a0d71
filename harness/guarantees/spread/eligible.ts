import type { NodeState, Placement, SpreadConstraint, Taint, Toleration } from '../../model/objects.ts';
import { matches } from '../../model/selector.ts';

export const zoneKey = 'topology.kubernetes.io/zone';
const hostKey = 'kubernetes.io/hostname';

/** A node's value of a topology key; null where it has none. */
export function domainOf(name: string, node: Required<NodeState>, topologyKey: string): string | null {
  const label = node.labels[topologyKey];
  if (label !== undefined) return label;
  if (topologyKey === zoneKey) return node.zone;
  return topologyKey === hostKey ? name : null;
}

/** Whether a toleration covers a taint (k8s.io/component-helpers, ToleratesTaint). */
function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== '' && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return toleration.key !== undefined && (toleration.value ?? '') === (taint.value ?? '');
}

const repels = ({ effect }: Taint): boolean => effect === 'NoSchedule' || effect === 'NoExecute';

/**
 * Whether a node counts as part of a domain, by the scheduler's rules (pkg/scheduler/framework/plugins/podtopologyspread,
 * `calPreFilterState`): it must have the keys of all hard constraints, match the pods' node selector and required affinity
 * (nodeAffinityPolicy Honor, the default), and be tolerated where nodeTaintsPolicy is Honor (the default is Ignore, so that
 * a dead node counts as long as it is registered).
 */
export function isEligible(
  name: string,
  node: Required<NodeState>,
  constraint: SpreadConstraint,
  keys: readonly string[],
  placement: Placement,
): boolean {
  if (keys.some((key) => domainOf(name, node, key) === null)) return false;
  if (constraint.nodeAffinityPolicy === 'Honor') {
    const labels = { ...node.labels, 'metadata.name': name };
    if (!matches({ matchLabels: placement.nodeSelector, matchExpressions: [] }, labels)) return false;
    if (placement.nodeTerms.length > 0 && !placement.nodeTerms.some((term) => matches(term, labels))) return false;
  }
  if (constraint.nodeTaintsPolicy === 'Honor') {
    const taints = node.taints.filter(repels);
    if (taints.some((taint) => !placement.tolerations.some((one) => tolerates(one, taint)))) return false;
  }
  return true;
}
