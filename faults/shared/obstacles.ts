import type { ClusterFacts } from '../../harness/model/cluster.ts';

/** Why the members of etcd cannot be looked up and reached here, as a sentence, or null. */
export function etcdObstacle(facts: ClusterFacts): string | null {
  if (!facts.capabilities.includes('node-shell')) return `No commands can be run on the nodes of ${facts.name}.`;
  if (facts.etcd === null || !facts.capabilities.includes('etcd'))
    return `The etcd of ${facts.name} cannot be asked for its leader.`;
  return null;
}

/** Why no commands can be run on nodes here, as a sentence, or null. */
export function shellObstacle(facts: ClusterFacts): string | null {
  return facts.capabilities.includes('node-shell') ? null : `No commands can be run on the nodes of ${facts.name}.`;
}

/** Why no node can be cut off and switched off here, as a sentence, or null. */
export function powerObstacle(facts: ClusterFacts): string | null {
  if (facts.capabilities.includes('power')) return shellObstacle(facts);
  return `The nodes of ${facts.name} cannot be cut off or switched off from outside.`;
}
