import type { Cluster, ClusterProvider } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { attachLocal } from './attach.ts';
import { LocalCluster } from './cluster.ts';
import { createCluster } from './create.ts';
import { removeCluster } from './remove.ts';
import { listClusters } from './state.ts';

/** Clusters made of this machine's namespaces: needs Linux and root, and nothing else. */
export function localProvider(): ClusterProvider {
  return {
    name: 'local',
    create: async (name, spec, progress, signal) => {
      requireRoot();
      await createCluster(name, spec, progress, signal);
      return attach(name);
    },
    attach,
    list: listClusters,
    remove: async (name) => {
      requireRoot();
      await removeCluster(name);
    },
  };
}

const attach = async (name: string): Promise<Cluster> => new LocalCluster(await attachLocal(name));

/** The argv with which a command runs on a node, for a caller that gives it its terminal. @throws HarnessError `not-here` */
export function localShellArgv(cluster: Cluster, node: string, argv: readonly string[]): readonly string[] {
  if (!(cluster instanceof LocalCluster))
    throw new HarnessError('not-here', `Cluster '${cluster.facts.name}' does not run on this machine`);
  return cluster.node(node).argv(argv);
}

function requireRoot(): void {
  if (process.platform !== 'linux')
    throw new HarnessError('not-here', `The local provider needs Linux; this is ${process.platform}`, {
      hint: 'use the kind provider',
    });
  if (process.getuid?.() !== 0)
    throw new HarnessError('not-here', 'The local provider needs root, for it makes namespaces and mounts', {
      hint: 'sudo -E shakedown ...',
    });
}
