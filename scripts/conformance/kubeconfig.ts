import { parse, stringify } from 'yaml';
import { z } from 'zod';

const shape = z.looseObject({
  clusters: z.array(z.looseObject({ cluster: z.looseObject({ server: z.string() }) })).length(1),
});

/** A kubeconfig of one cluster with another address of its API: the one that is reached from inside the lab. */
export function atServer(kubeconfig: string, server: string): string {
  const config = shape.parse(parse(kubeconfig));
  const clusters = config.clusters.map((each) => ({ ...each, cluster: { ...each.cluster, server } }));
  return stringify({ ...config, clusters });
}
