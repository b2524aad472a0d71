import type { ClusterFacts } from '../../harness/model/cluster.ts';
import { entryNodes } from '../entry-nodes.ts';
import type { Target } from './job.ts';
import { dataNodePort } from './manifests.ts';
import type { LedgerOptions } from './options.ts';

/**
 * Everything that records are written through: `api-ha`, `api-NODE` for each API server, and `etcd-data-ZONE` for the data
 * service entered by one worker of each zone.
 */
export function targetsOf(
  facts: Pick<ClusterFacts, 'apiEndpoint' | 'apiServers' | 'nodes'>,
  { api, data }: Pick<LedgerOptions, 'api' | 'data'>,
): readonly Target[] {
  const apiTargets: Target[] = [
    { name: 'api-ha', store: 'api', url: facts.apiEndpoint },
    ...facts.apiServers.map(({ node, url }): Target => ({ name: `api-${node}`, store: 'api', url })),
  ];
  const dataTargets = entryNodes(facts).map(({ zone, node }): Target => ({
    name: `etcd-data-${zone}`,
    store: 'data',
    url: `http://${node.address}:${String(dataNodePort)}`,
  }));
  return [...(api ? apiTargets : []), ...(data === null ? [] : dataTargets)];
}
