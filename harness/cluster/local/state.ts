import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { HarnessError } from '../../model/errors.ts';
import { clusterPaths, stateRoot } from './paths.ts';
import type { ClusterPlan } from './plan.ts';
import { bootId, type ProcessMark } from './processes.ts';

/** What is stored of a cluster so that any process can take hold of it. */
export interface ClusterState {
  readonly schema: 1;
  readonly phase: 'creating' | 'up';
  readonly createdAt: string;
  readonly bootId: string;
  /** The process that is making it, for those who find it half-made. */
  readonly creator: ProcessMark;
  readonly config: string;
  readonly plan: ClusterPlan;
  readonly hostPort: number;
  readonly kubernetesVersion: string;
  /** Where each program was when the cluster was made. */
  readonly programs: Readonly<Record<string, string>>;
  /** The services of a node of each role. */
  readonly services: Readonly<Record<'control-plane' | 'worker', readonly string[]>>;
}

export async function writeState(state: ClusterState): Promise<void> {
  const { state: file } = clusterPaths(state.plan.name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/**
 * @returns null when there is no cluster of that name
 * @throws HarnessError `cluster-state` when its state cannot be read
 */
export async function readState(cluster: string): Promise<ClusterState | null> {
  const { state: file, root } = clusterPaths(cluster);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw damaged(cluster, file, cause);
    if (!(await listClusters()).includes(cluster)) return null;
    throw damaged(cluster, root, 'it has no cluster.json');
  }
  try {
    const state = JSON.parse(text) as ClusterState;
    if ((state.schema as number) !== 1 || !Array.isArray(state.plan.nodes)) throw new Error('it is of another version');
    return state;
  } catch (cause) {
    throw damaged(cluster, file, cause);
  }
}

const damaged = (cluster: string, file: string, cause: unknown): HarnessError =>
  new HarnessError('cluster-state', `The stored state of cluster '${cluster}' in ${file} is damaged`, {
    cause,
    hint: `shakedown down ${cluster}`,
  });

export async function listClusters(): Promise<readonly string[]> {
  const entries = await readdir(stateRoot(), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

export const isOfThisBoot = (state: ClusterState): boolean => state.bootId === bootId();
