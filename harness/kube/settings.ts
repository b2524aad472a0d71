import type { Cluster } from '../model/cluster.ts';
import type { RunReport } from '../model/report.ts';
import type { KubeClient } from './client.ts';
import { apiSettings } from './settings/from-api.ts';
import { kubeletSettings } from './settings/from-kubelet.ts';
import { processSettings } from './settings/from-processes.ts';

export type Setting = RunReport['settings'][number];

/**
 * The live settings that explain a run's figures, each read from the running system: a configuration that a component
 * serves, its command line, its own --help where a flag is not set, or an object of the API.
 * What cannot be read is listed with the value `unknown` and the reason as its source.
 */
export async function readSettings(
  cluster: Cluster,
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly Setting[]> {
  const parts = await Promise.all([
    processSettings(cluster, signal),
    kubeletSettings(cluster, client, signal),
    apiSettings(client, signal),
  ]);
  return parts.flat();
}
