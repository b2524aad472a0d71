import { access, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

import { HarnessError, messageOf } from '../../model/errors.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { exec } from '../../util/exec.ts';
import { dropHostLeashes } from '../leashes.ts';
import { cgroupOf, processesIn, removeCgroups, removeEmptyParent, thaw } from './cgroups.ts';
import { releaseHost } from './host-settings.ts';
import { clusterPaths, stateRoot } from './paths.ts';
import { lab } from './plan.ts';
import { isAlive, killNow, processesInNetworks } from './processes.ts';
import { readState } from './state.ts';

const netnsFolder = '/run/netns';
const lookEveryMs = 20;
/** Commands of a killed creator go on without it, none for as long as this: then they are seen and ended as well. */
const strayMs = 1_000;

/**
 * Removes everything of a cluster by what the kernel knows of it, not by what was stored: its control groups, its
 * network namespaces, its folder, and the leashes that this machine holds for it. Any part may be missing. Idempotent.
 * @throws HarnessError `refused` while another process makes the cluster, `cluster-state` naming what resisted
 */
export async function removeCluster(cluster: string): Promise<void> {
  const state = await readState(cluster).catch(() => null);
  const halfMade = state?.phase === 'creating' && state.creator.pid !== process.pid;
  if (halfMade && isAlive(state.creator))
    throw new HarnessError('refused', `Cluster '${cluster}' is being made by process ${String(state.creator.pid)}`, {
      hint: `kill ${String(state.creator.pid)}, which removes it as well`,
    });
  const stable = halfMade ? strayMs / lookEveryMs : 1;
  await eventually(`nothing to be left`, { withinMs: 30_000, everyMs: lookEveryMs, stable }, async () => {
    const left = await removeOnce(cluster);
    return left.length === 0 ? yes(null) : notYet(left.slice(0, 5).join(', '));
  }).catch((cause: unknown) => {
    throw new HarnessError('cluster-state', `Cluster '${cluster}' could not be removed`, { cause });
  });
  await removeEmptyParent();
  // The folder of all clusters goes with the last one.
  await rmdir(stateRoot()).catch(() => undefined);
  await releaseHost(cluster);
  dropHostLeashes(cluster);
}

/** One pass over everything. @returns what is still there */
async function removeOnce(cluster: string): Promise<readonly string[]> {
  const processes = await endProcesses(cluster);
  // What processes still use would only be made again.
  if (processes.length > 0) return processes.map((pid) => `process ${String(pid)}`);
  const failures: string[] = [];
  const networks = await networksOf(cluster);
  const lines = networks.map((name) => `netns delete ${name}\n`).join('');
  if (lines !== '') await exec(['ip', '-force', '-batch', '-'], { input: lines, allowFailure: true });
  await rm(clusterPaths(cluster).root, { recursive: true, force: true }).catch((error: unknown) => {
    failures.push(messageOf(error));
  });
  const groups = await removeCgroups(cgroupOf(cluster));
  return [...failures, ...(await networksOf(cluster)), ...groups];
}

async function endProcesses(cluster: string): Promise<readonly number[]> {
  const group = cgroupOf(cluster);
  // A frozen process dies only when it is thawed.
  await thaw(group);
  const networks = (await networksOf(cluster)).map((name) => join(netnsFolder, name));
  const found = new Set([...(await processesIn(group)), ...(await processesInNetworks(networks))]);
  found.delete(process.pid);
  for (const pid of found) killNow(pid);
  return [...found];
}

/** The network namespaces of a cluster: the lab's, its nodes' and its places'. */
async function networksOf(cluster: string): Promise<readonly string[]> {
  const all = await readdir(netnsFolder).catch(() => []);
  return all.filter((name) => isNetworkOf(cluster, name));
}

/** Names of clusters hold no dot, so that none can be taken for a part of another. */
export const isNetworkOf = (cluster: string, name: string): boolean =>
  name === lab(cluster) || name.startsWith(`${lab(cluster)}.`);

/** Whether anything of a cluster is there: a folder, a namespace or a process. */
export async function remainsOf(cluster: string): Promise<readonly string[]> {
  const { root } = clusterPaths(cluster);
  const folder = await access(root).then(
    () => [root],
    () => [],
  );
  const processes = await processesIn(cgroupOf(cluster));
  return [
    ...folder,
    ...(await networksOf(cluster)).map((name) => join(netnsFolder, name)),
    ...processes.map((pid) => `process ${String(pid)}`),
  ];
}
