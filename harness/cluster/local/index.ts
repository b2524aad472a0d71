import type { Cluster, ClusterProvider } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { LocalCluster } from './cluster.ts';
import { createCluster } from './create.ts';
import { isAlive } from './processes.ts';
import { removeCluster } from './remove.ts';
import { isOfThisBoot, listClusters, readState } from './state.ts';

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

async function attach(name: string): Promise<Cluster> {
  const state = await readState(name);
  if (state === null) {
    const known = await listClusters();
    throw new HarnessError(
      'unknown-name',
      `There is no cluster named '${name}'; ${known.length === 0 ? 'none is running' : `known are ${known.join(', ')}`}`,
      { hint: `shakedown up --name ${name}` },
    );
  }
  const stale = (why: string): HarnessError =>
    new HarnessError('cluster-state', `The stored state of cluster '${name}' is stale: ${why}`, {
      hint: `shakedown down --name ${name}`,
    });
  if (!isOfThisBoot(state)) throw stale('the machine was started again since');
  if (state.phase === 'creating')
    throw isAlive(state.creator)
      ? new HarnessError('cluster-state', `Cluster '${name}' is being made by process ${String(state.creator.pid)}`)
      : stale('the process that was making it died');
  return new LocalCluster(state);
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
