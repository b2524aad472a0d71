import { readFile, readdir } from 'node:fs/promises';

import { markOf } from '../../harness/cluster/local/processes.ts';
import { exec } from '../../harness/util/exec.ts';

/** What a cluster could leave on the machine, as text that can be compared. */
export interface HostSnapshot {
  readonly networkNamespaces: readonly string[];
  readonly links: readonly string[];
  readonly mounts: readonly string[];
  readonly controlGroups: readonly string[];
  readonly state: readonly string[];
  readonly processes: readonly string[];
  readonly settings: readonly string[];
}

const settings = [
  'fs.inotify.max_user_instances',
  'fs.inotify.max_user_watches',
  'vm.overcommit_memory',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'net.ipv4.ip_forward',
];

/**
 * Looks at the machine, leaving out what belongs to other clusters, which may come and go meanwhile.
 * @param mine the cluster whose traces must not be there in the end
 */
export async function hostSnapshot(mine: string): Promise<HostSnapshot> {
  const isOurs = (line: string): boolean => !/shakedown|\bsd[a-z]*\d/.test(line) || line.includes(mine);
  const lines = async (argv: readonly string[]): Promise<readonly string[]> =>
    (await exec(argv, { allowFailure: true })).stdout.split('\n').filter((line) => line !== '' && isOurs(line));
  const others = (await readdir('/run/shakedown').catch(() => [])).length > 0;
  return {
    networkNamespaces: (await readdir('/run/netns').catch(() => [])).filter(isOurs),
    links: await lines(['ip', '-brief', 'link']),
    // The mount point of /run/netns belongs to whoever has namespaces there.
    mounts: (await lines(['cut', '-d', ' ', '-f', '1-3', '/proc/self/mounts'])).filter(
      (line) => !others || !line.includes(' /run/netns'),
    ),
    controlGroups: await lines(['find', '/sys/fs/cgroup', '-type', 'd', '-path', `*/shakedown/${mine}*`]),
    state: await lines(['find', '/var/lib/shakedown', '/run/shakedown', '-path', `*/${mine}*`]),
    processes: await processesNaming(mine),
    settings: others ? [] : await Promise.all(settings.map(valueOf)),
  };
}

const valueOf = async (name: string): Promise<string> =>
  `${name}=${(await readFile(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8')).trim()}`;

/** Processes that speak of the cluster in their arguments or are in its control group. */
async function processesNaming(cluster: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    // What has ended is gone, whenever the machine's first process collects it.
    if (markOf(Number(pid)) === null) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const group = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
    const isCluster = command.includes(`/${cluster}/`) || group.includes(`/shakedown/${cluster}/`);
    if (isCluster) found.push(`${pid} ${command.replaceAll('\0', ' ').slice(0, 120)}`);
  }
  return found;
}
