import { dirname } from 'node:path';

import type { Progress } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { ensurePrograms, type ProgramName } from '../../toolchain/index.ts';
import type { ProgramPath } from './services/service.ts';

/** What a cluster runs, and what commands on its nodes and faults expect to find there. */
export const clusterPrograms: readonly ProgramName[] = [
  'etcd',
  'etcdctl',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'containerd',
  'ctr',
  'runc',
  'haproxy',
  'runsvdir',
  'runsv',
  'sv',
  'nft',
  'conntrack',
  'ip',
  'nsenter',
  'unshare',
  'containerd-shim-runc-v2',
  'cni-plugins',
  'iptables',
  'tc',
  'kubectl',
  'coredns',
  'pause',
  'agnhost',
];

/** Where each program is; those that are missing are obtained first. */
export async function ensureClusterPrograms(
  progress: Progress,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(await ensurePrograms(clusterPrograms, progress, signal));
}

export function programPath(programs: Readonly<Record<string, string>>): ProgramPath {
  return (name) => {
    const path = programs[name];
    if (path === undefined)
      throw new HarnessError('toolchain', `The program ${name} is not known to this cluster`, {
        hint: 'shakedown toolchain',
      });
    return path;
  };
}

const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** PATH of a node: the folders of the cluster's programs, then the machine's own. */
export function searchPath(programs: Readonly<Record<string, string>>): string {
  const folders = Object.values(programs).map((path) => dirname(path));
  return [...new Set([...folders.filter((folder) => !system.includes(folder)), ...system])].join(':');
}
