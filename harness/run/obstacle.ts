import type { Cluster, ClusterFacts } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';
import type { Fault } from '../model/fault.ts';

/** Why a fault cannot run on that cluster, as a sentence, or null. */
export function obstacleOf<Params>(fault: Fault<Params>, facts: ClusterFacts, params: Params): string | null {
  const missing = fault.needs.filter((need) => !facts.capabilities.includes(need));
  if (missing.length === 0) return fault.obstacle(facts, params);
  const reasons = new Set(missing.map((need) => facts.missing?.[need]).filter((because) => because !== undefined));
  const because = reasons.size === 0 ? '' : ` (${[...reasons].join('; ')})`;
  return `this ${facts.provider} cluster lacks: ${missing.join(', ')}${because}`;
}

/** @throws HarnessError `refused` when no load can be sent to a cluster of others from here: nothing would be measured */
export function refuseWithoutPlaces({ facts }: Pick<Cluster, 'facts'>): void {
  const because = facts.missing?.places;
  if (because !== undefined) throw new HarnessError('refused', `Nothing can be measured on ${facts.name}: ${because}`);
}
