import type { Cluster, PowerSwitch, Shell } from '../../harness/model/cluster.ts';

/** Runs each command that a fault gives to the cluster, and may do something before and after; told on which node. */
export type CommandWatch = <T>(where: string, run: () => Promise<T>) => Promise<T>;

/** The same cluster, with every command on a node, on the host and of a power switch in the hands of the watch. */
export function watchedCluster(cluster: Cluster, watched: CommandWatch): Cluster {
  const shell = (inner: Shell): Shell => ({
    name: inner.name,
    exec: (argv, options) => watched(inner.name, () => inner.exec(argv, options)),
    spawn: (argv, options) => inner.spawn(argv, options),
  });
  const power = (node: string, inner: PowerSwitch): PowerSwitch => ({
    cutLink: () => watched(node, () => inner.cutLink()),
    restoreLink: () => watched(node, () => inner.restoreLink()),
    off: () => watched(node, () => inner.off()),
    on: () => watched(node, () => inner.on()),
    state: () => inner.state(),
    restoreScript: inner.restoreScript,
  });
  return {
    facts: cluster.facts,
    kubeconfig: cluster.kubeconfig,
    host: shell(cluster.host),
    node: (name) => shell(cluster.node(name)),
    place: (name) => cluster.place(name),
    power: (node) => power(node, cluster.power(node)),
    loadImages: (archives, signal) => cluster.loadImages(archives, signal),
    ...(cluster.buildProgram ? { buildProgram: cluster.buildProgram.bind(cluster) } : {}),
    collectLogs: (directory) => cluster.collectLogs(directory),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
