import {
  applyManifests,
  connect,
  createNamespace,
  hasStatus,
  runLabel,
  waitReady,
  type KubeClient,
  type KubeObject,
} from '../kube/index.ts';
import { HarnessError } from '../model/errors.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Json } from '../model/json.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Workload } from '../model/workload.ts';
import { named, type Catalogue, type RunObserver } from './catalogue.ts';

/** Where every workload of a run lives. */
export const namespace = 'shakedown';
const deployWithinMs = 120_000;

/** A deployed set of workloads. */
export interface Deployed {
  readonly namespace: string;
  readonly workloads: readonly { readonly workload: Workload; readonly options: Readonly<Record<string, Json>> }[];
  /** Resolves when everything that was deployed is ready. @throws HarnessError `timed-out` with the last state */
  untilReady(withinMs: number, signal: AbortSignal): Promise<void>;
}

export interface DeployOptions {
  readonly scenario: Scenario;
  readonly cluster: Cluster;
  readonly catalogue: Catalogue;
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
  readonly runId: string;
}

/** Builds the images that are missing, loads them, applies the manifests and waits until everything is ready. */
export async function deploy({
  scenario,
  cluster,
  catalogue,
  observer,
  signal,
  runId,
}: DeployOptions): Promise<Deployed> {
  const workloads = scenario.workloads.map(({ workload, options }) => ({
    workload: named('workload', workload, catalogue.workloads),
    options,
  }));
  const progress = (line: string): void => {
    observer.progress(line);
  };
  const client = connect(cluster.kubeconfig);
  if (!cluster.facts.owned) await refuseForeignNamespace(client, runId, signal);
  const archives = await Promise.all(workloads.map(({ workload }) => workload.images(progress, signal)));
  await cluster.loadImages([...new Set(archives.flat())], signal);
  await createNamespace(client, namespace, runId, signal);
  const manifests = workloads.flatMap(({ workload, options }) => workload.manifests(namespace, options));
  await applyManifests(client, manifests, runId, signal);
  const untilReady = (withinMs: number, until: AbortSignal): Promise<void> =>
    waitReady(client, manifests, until, withinMs);
  await untilReady(deployWithinMs, signal);
  return { namespace, workloads, untilReady };
}

/** What a run makes on a cluster of others it deletes again: a namespace of that name must be its own. */
async function refuseForeignNamespace(client: KubeClient, runId: string, signal: AbortSignal): Promise<void> {
  try {
    const { metadata } = (await client.request(`/api/v1/namespaces/${namespace}`, { signal })) as KubeObject;
    if (metadata.labels?.[runLabel] === runId) return;
  } catch (error) {
    if (hasStatus(error, 404)) return;
    throw error;
  }
  throw new HarnessError('cluster-state', `The cluster has a namespace ${namespace} that this run did not make`, {
    hint: `shakedown heal, if a run left it; else: kubectl delete namespace ${namespace}`,
  });
}
