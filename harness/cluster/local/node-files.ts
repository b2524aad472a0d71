import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { stringify } from 'yaml';

import type { Files } from './pki/layout.ts';
import type { ClusterPlan, NodePlan } from './plan.ts';
import { initScript, powerOnScript, runScript, type NodeScripts } from './scripts.ts';
import { authenticationConfig } from './services/control-plane.ts';
import {
  cniConfig,
  containerdConfig,
  containerdConfigPath,
  kubeletConfig,
  kubeProxyConfig,
} from './services/worker.ts';

/** Writes everything that a node finds when it is switched on. */
export async function writeNodeFiles(
  scripts: NodeScripts,
  plan: ClusterPlan,
  credentials: Files,
  images: { readonly pause: string; readonly cniFolder: string },
): Promise<void> {
  const { node, paths } = scripts;
  const folders = ['lib/kubelet', 'lib/cni', 'lib/etcd', 'log', 'cache', 'spool'];
  await mkdir(paths.etcWork, { recursive: true });
  await Promise.all(folders.map((folder) => mkdir(join(paths.var, folder), { recursive: true })));
  await mkdir(join(paths.var, 'tmp'), { mode: 0o1777 });
  await symlink('/run', join(paths.var, 'run'));
  await chmod(join(paths.var, 'tmp'), 0o1777);
  // etcd refuses a folder that others may read.
  await chmod(join(paths.var, 'lib/etcd'), 0o700);
  const etc = { ...own(plan, node), ...configs(scripts, plan, images) };
  await Promise.all([
    ...Object.entries(etc).map(([path, text]) => put(join(paths.etc, path), text, 0o644)),
    ...[...credentials].map(([path, text]) => put(join(paths.etc, 'kubernetes', path), text, 0o600)),
    ...scripts.services.map((service) =>
      put(join(paths.services, service.name, 'run'), runScript(scripts, service), 0o755),
    ),
    put(paths.initScript, initScript(scripts), 0o755),
    put(paths.powerOnScript, powerOnScript(scripts), 0o755),
    put(paths.firstBoot, '', 0o644),
  ]);
}

/** What makes the node a machine of its own. It knows the other nodes by name, but no name server. */
function own(plan: ClusterPlan, node: NodePlan): Record<string, string> {
  const hosts = plan.nodes.map(({ name, address }) => `${address} ${name}`);
  const id = Buffer.from(`${plan.name}/${node.name}`).toString('hex').padEnd(32, '0').slice(-32);
  return {
    hostname: `${node.name}\n`,
    hosts: ['127.0.0.1 localhost', ...hosts, ''].join('\n'),
    'resolv.conf': '# The lab has no name server.\n',
    'machine-id': `${id}\n`,
  };
}

function configs(
  { cluster, node, program }: NodeScripts,
  plan: ClusterPlan,
  images: { readonly pause: string; readonly cniFolder: string },
): Record<string, string> {
  return {
    'kubernetes/kubelet.yaml': stringify(kubeletConfig(cluster, node, plan)),
    'kubernetes/kube-proxy.yaml': stringify(kubeProxyConfig(node, plan)),
    'cni/net.d/10-pods.conflist': JSON.stringify(cniConfig(node), null, 2),
    [containerdConfigPath.slice('/etc/'.length)]: containerdConfig(images.pause, images.cniFolder, program('runc')),
    ...(node.role === 'control-plane' ? { 'kubernetes/authentication.yaml': stringify(authenticationConfig) } : {}),
  };
}

async function put(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode });
}
