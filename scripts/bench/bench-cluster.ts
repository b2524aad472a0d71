import { join } from 'node:path';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { root } from '../../harness/util/paths.ts';
import { deployWeb } from '../crash-matrix/deploy-web.ts';
import { withClusters } from '../with-clusters.ts';
import type { BenchContext } from './bench.ts';
import type { Figure } from './figure.ts';

/** Measures on so many clusters side by side, each with a web service, by their names. */
export function onBenchClusters<T>(
  { cluster: given, config, signal, say }: BenchContext,
  count: number,
  measure: (clusters: readonly string[]) => Promise<T>,
): Promise<T> {
  const wanted = { given, count, prefix: 'bench', config: config ?? join(root, 'kind-configs/three-zones.yaml') };
  return withClusters(wanted, signal, async (clusters) => {
    await Promise.all(clusters.map((cluster) => deployWeb(cluster, catalogue, say, signal)));
    return measure(clusters.map(({ facts }) => facts.name));
  });
}

/** Measures on one cluster with a web service, by its name. */
export const onBenchCluster = (
  context: BenchContext,
  measure: (cluster: string) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> => onBenchClusters(context, 1, ([cluster = '']) => measure(cluster));
