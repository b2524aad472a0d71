import { join } from 'node:path';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { root } from '../../harness/util/paths.ts';
import { deployWeb } from '../crash-matrix/deploy-web.ts';
import { withClusters } from '../with-clusters.ts';
import type { BenchContext } from './bench.ts';
import type { Figure } from './figure.ts';

/** Measures on a cluster of three zones and nine nodes with a web service, by its name. */
export function onBenchCluster(
  { cluster: given, signal, say }: BenchContext,
  measure: (cluster: string) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const config = join(root, 'kind-configs/three-zones.yaml');
  return withClusters({ given, count: 1, prefix: 'bench', config }, signal, async (clusters) => {
    const measured = clusters.map(async (cluster) => {
      await deployWeb(cluster, catalogue, say, signal);
      return measure(cluster.facts.name);
    });
    return (await Promise.all(measured)).flat();
  });
}
