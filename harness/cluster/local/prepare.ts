import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { imageNames } from '../../toolchain/index.ts';
import { writeImages } from './images.ts';
import { kubeconfig } from './kubeconfig.ts';
import { writeNodeFiles } from './node-files.ts';
import { clusterPaths } from './paths.ts';
import type { Credentials } from './pki/layout.ts';
import type { ClusterPlan, NodePlan } from './plan.ts';
import { programPath, searchPath } from './programs.ts';
import { plantStore } from './seed.ts';
import { servicesOf } from './services/of-node.ts';
import type { ClusterState } from './state.ts';
import type { SystemStore } from './system-store.ts';

/** What the machine keeps of a cluster beside its nodes. */
export async function writeClusterFiles(plan: ClusterPlan, hostPort: number, credentials: Credentials): Promise<void> {
  const paths = clusterPaths(plan.name);
  const text = kubeconfig(
    plan.name,
    `https://127.0.0.1:${String(hostPort)}`,
    credentials.authority,
    'kubernetes-admin',
    credentials.admin,
  );
  await mkdir(paths.endpoint, { recursive: true });
  await mkdir(paths.places, { recursive: true });
  await writeFile(paths.authority, credentials.authority);
  await writeFile(paths.kubeconfig, text, { mode: 0o600 });
}

/** Writes everything that a node is switched on with. */
export async function prepareNode(
  node: NodePlan,
  { plan, programs }: ClusterState,
  credentials: Credentials,
  groups: readonly string[],
  store: SystemStore,
): Promise<void> {
  const cluster = clusterPaths(plan.name);
  const paths = cluster.node(node.name);
  const program = programPath(programs);
  const hidden = Object.values(programs)
    .map((path) => dirname(path))
    .filter((folder) => /^\/(var|tmp|run)\//.test(folder));
  const scripts = {
    cluster: plan.name,
    node,
    paths,
    services: servicesOf(node, plan, program),
    program,
    searchPath: searchPath(programs),
    keep: [cluster.root, ...new Set(hidden)],
    hierarchies: groups,
  };
  const images = { pause: imageNames.pause, cniFolder: program('cni-plugins') };
  await writeNodeFiles(scripts, plan, credentials.nodes.get(node.name) ?? new Map<string, string>(), images);
  await plantStore(store.seed, `${paths.var}/lib/containerd`);
  await writeImages(paths.images, store.images);
}
