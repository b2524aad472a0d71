import type { ClusterFacts, NodeFacts } from '../harness/model/cluster.ts';

/** Where clients enter: the first worker by name of each zone, by zone; workers without a zone count as zone `none`. */
export function entryNodes({
  nodes,
}: Pick<ClusterFacts, 'nodes'>): readonly { readonly zone: string; readonly node: NodeFacts }[] {
  const workers = nodes.filter(({ role }) => role === 'worker').toSorted((a, b) => compareNames(a.name, b.name));
  const zones = [...new Set(workers.map(zoneOf))].sort();
  return zones.flatMap((zone) => {
    const node = workers.find((worker) => zoneOf(worker) === zone);
    return node ? [{ zone, node }] : [];
  });
}

const zoneOf = ({ zone }: NodeFacts): string => zone ?? 'none';

/** w2 comes before w10. */
const compareNames = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
