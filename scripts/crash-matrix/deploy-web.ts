import type { Cluster } from '../../harness/model/cluster.ts';
import { deploy } from '../../harness/run/deploy.ts';
import type { Catalogue, RunObserver } from '../../harness/run/index.ts';
import { scenarioOf } from './scenario.ts';

/** Pods to be hit: some faults choose their targets by what runs there. */
export async function deployWeb(
  cluster: Cluster,
  catalogue: Catalogue,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const observer: RunObserver = { phase: () => undefined, note: say, progress: () => undefined };
  const scenario = scenarioOf({ workloads: [{ workload: 'web', options: {} }] });
  await deploy({ scenario, cluster, catalogue, observer, signal, runId: 'crash-matrix' });
}
