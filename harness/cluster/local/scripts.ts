import { dirname } from 'node:path';

import { quoted } from '../../util/shell-words.ts';
import { cgroupOf } from './cgroups.ts';
import type { NodePaths } from './paths.ts';
import type { NodePlan } from './plan.ts';
import type { ProgramPath, Service } from './services/service.ts';

/** What the scripts of a node are made from. */
export interface NodeScripts {
  readonly cluster: string;
  readonly node: NodePlan;
  readonly paths: NodePaths;
  readonly services: readonly Service[];
  readonly program: ProgramPath;
  /** PATH of everything on the node. */
  readonly searchPath: string;
  /** Folders of the machine that the node's own /var, /tmp and /run would hide but its programs need. */
  readonly keep: readonly string[];
  readonly hierarchies: readonly string[];
}

const command = (argv: readonly string[]): string => argv.map(quoted).join(' ');

/** Settings of the kernel that a kubelet would change for the whole machine: it is shown the values it wants. */
const kernelSettings = {
  'vm/overcommit_memory': 1,
  'vm/panic_on_oom': 0,
  'kernel/panic': 10,
  'kernel/panic_on_oops': 1,
  'kernel/keys/root_maxkeys': 1_000_000,
  'kernel/keys/root_maxbytes': 25_000_000,
} as const;

/**
 * The script that is the node's first process: it gives the node folders of its own, makes the machine's read-only,
 * and becomes the supervisor of the services.
 */
export function initScript(scripts: NodeScripts): string {
  const { node, paths, services, keep, program } = scripts;
  const waiting = services.filter(({ after }) => after !== 'power').map(({ name }) => `/run/service/${name}/down`);
  const settings = Object.entries(kernelSettings);
  return `#!/bin/sh
# The first process of node ${node.name}.
set -eu
read -r pid rest < /proc/self/stat
set -- $rest
start=\${21}
# A namespace mounted here would outlive its cluster.
for mounted in /run/netns/*; do umount -l "$mounted" 2>/dev/null || :; done
umount -l /run/netns 2>/dev/null || :
mount -t proc proc /proc
hostname ${node.name}
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/netns /run/containerd /run/keep/cgroup /run/kernel${keep.map((_, at) => ` /run/keep/${String(at)}`).join('')}
${keep.map((path, at) => `mount --rbind ${quoted(path)} /run/keep/${String(at)}`).join('\n')}
mount --rbind /sys/fs/cgroup /run/keep/cgroup
mount -t sysfs sysfs /sys
mount --move /run/keep/cgroup /sys/fs/cgroup
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t overlay overlay -o ${quoted(`lowerdir=/etc,upperdir=${paths.etc},workdir=${paths.etcWork}`)} /etc
cp -a ${quoted(paths.services)} /run/service
[ ! -e ${quoted(paths.firstBoot)} ] || touch${waiting.map((path) => ` ${path}`).join('')}
mount --bind ${quoted(paths.var)} /var
mount -t tmpfs -o mode=1777 tmpfs /tmp
${settings.map(([name, value]) => `echo ${String(value)} > /run/kernel/${name.replaceAll('/', '.')}; mount --bind /run/kernel/${name.replaceAll('/', '.')} /proc/sys/${name}`).join('\n')}
echo 1 > /proc/sys/net/ipv4/ip_forward
mount --bind /var/lib/kubelet /var/lib/kubelet
mount --make-shared /var/lib/kubelet
${keep.map((path, at) => `mkdir -p ${quoted(path)}; mount --move /run/keep/${String(at)} ${quoted(path)}`).join('\n')}
mount -o remount,bind,ro /
mount --make-shared /run
cd /
echo "$pid $start" > ${quoted(`${paths.initPid}.new`)}
mv ${quoted(`${paths.initPid}.new`)} ${quoted(paths.initPid)}
exec env -i PATH=${quoted(scripts.searchPath)} HOME=/root LANG=C.UTF-8 ${quoted(program('runsvdir'))} -P /run/service
`;
}

/** Runs a service inside a control group of its own below the node's, where faults can limit it. */
export function runScript({ cluster, node, hierarchies }: NodeScripts, service: Service): string {
  const group = cgroupOf(cluster, node.name, 'system', service.name);
  return `#!/bin/sh
exec >> /var/log/${service.name}.log 2>&1
for procs in ${hierarchies.map((hierarchy) => quoted(`${hierarchy}${group}/cgroup.procs`)).join(' ')}; do
  echo $$ > "$procs"
done
exec ${command(service.argv)}
`;
}

/**
 * Switches the node on, from the machine and without the harness; does nothing when it runs. What its last life left
 * in the kernel is taken away first: packet filters, tracked connections, and the groups of dead containers, each of
 * which would cost the kubelet three seconds.
 */
export function powerOnScript({ cluster, node, paths, hierarchies, program }: NodeScripts): string {
  const group = cgroupOf(cluster, node.name);
  const inNetwork = `${quoted(program('nsenter'))} --net=/run/netns/${node.netns}`;
  return `#!/bin/sh
# Switches node ${node.name} of cluster ${cluster} on.
set -eu
cd ${quoted(dirname(paths.initPid))}
exec 9> power.lock
flock 9
if [ -e init.pid ]; then
  read -r pid start < init.pid
  [ "$(cut -d ' ' -f 22 /proc/$pid/stat 2>/dev/null || :)" != "$start" ] || exit 0
  find ${hierarchies.map((hierarchy) => quoted(`${hierarchy}${group}/kubepods`)).join(' ')} -depth -type d -exec rmdir {} \\; 2>/dev/null || :
  ${inNetwork} ${quoted(program('nft'))} flush ruleset
  ${inNetwork} ${quoted(program('conntrack'))} -F 2>/dev/null || :
  rm init.pid
fi
for procs in ${hierarchies.map((hierarchy) => quoted(`${hierarchy}${group}/cgroup.procs`)).join(' ')}; do
  echo $$ > "$procs"
done
setsid ${inNetwork} ${quoted(program('unshare'))} --mount --pid --fork --uts --ipc --kill-child \\
  sh ./init.sh < /dev/null >> console.log 2>&1 9>&- &
tries=0
until [ -e init.pid ]; do
  tries=$((tries + 1))
  [ $tries -le 500 ] || { { echo "node ${node.name} did not start; the last of $PWD/console.log:"; tail -n 5 console.log; } >&2; exit 1; }
  sleep 0.05
done
`;
}
