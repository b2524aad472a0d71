import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { HarnessError } from '../../model/errors.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { exec } from '../../util/exec.ts';
import { cgroupOf, processesIn, removeCgroups, removeEmptyParent, thaw } from './cgroups.ts';
import { releaseHost } from './host-settings.ts';
import { clusterPaths } from './paths.ts';
import { lab } from './plan.ts';
import { killNow, processesInNetworks } from './processes.ts';

const netnsFolder = '/run/netns';

/**
 * Removes everything of a cluster by what the kernel knows of it, not by what was stored: its control groups, its
 * network namespaces, its folder. Any part may be missing. Idempotent.
 * @throws HarnessError `cluster-state` naming what resisted
 */
export async function removeCluster(cluster: string): Promise<void> {
  const { root } = clusterPaths(cluster);
  const group = cgroupOf(cluster);
  await endProcesses(cluster, group);
  const networks = await networksOf(cluster);
  if (networks.length > 0)
    await exec(['ip', '-force', '-batch', '-'], { input: networks.map((name) => `netns delete ${name}\n`).join('') });
  await rm(root, { recursive: true, force: true, maxRetries: 3 });
  let left: readonly string[] = [];
  await eventually('the control groups to be empty', { withinMs: 5_000, everyMs: 20 }, async () => {
    left = await removeCgroups(group);
    return left.length === 0 ? yes(null) : notYet(left.join(', '));
  });
  await removeEmptyParent();
  await releaseHost(cluster);
}

async function endProcesses(cluster: string, group: string): Promise<void> {
  // A frozen process dies only when it is thawed; a group may be refilled by a fork until its last process is gone.
  await thaw(group);
  await eventually(`the processes of cluster '${cluster}' to end`, { withinMs: 15_000, everyMs: 20 }, async () => {
    const networks = (await networksOf(cluster)).map((name) => join(netnsFolder, name));
    const found = new Set([...(await processesIn(group)), ...(await processesInNetworks(networks))]);
    found.delete(process.pid);
    for (const pid of found) killNow(pid);
    return found.size === 0
      ? yes(null)
      : notYet(`${String(found.size)} left, such as ${[...found].slice(0, 5).join(', ')}`);
  }).catch((cause: unknown) => {
    throw new HarnessError('cluster-state', `Cluster '${cluster}' could not be removed`, { cause });
  });
}

/** The network namespaces of a cluster: the lab's, its nodes' and its places'. */
async function networksOf(cluster: string): Promise<readonly string[]> {
  const all = await readdir(netnsFolder).catch(() => []);
  // Another cluster may be called `x-y` when this one is `x`: nodes are cpN and wN, places are p.NAME.
  const ours = new RegExp(`^${lab(cluster)}(-(cp|w)\\d+|\\.place\\.[a-z0-9-]+)?$`);
  return all.filter((name) => ours.test(name));
}

/** Whether anything of a cluster is there: a folder, a namespace or a control group. */
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
