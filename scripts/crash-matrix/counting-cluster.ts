import type { Cluster, PowerSwitch, Shell } from '../../harness/model/cluster.ts';

/** Told of each command that a fault gives to the cluster: when it was started, when it has ended, and on which node. */
export interface CommandWatch {
  started(where: string): void;
  ended(where: string): void;
}

/** The same cluster, with every command on a node, on the host and of a power switch reported. */
export function countingCluster(cluster: Cluster, watch: CommandWatch): Cluster {
  const watched = async <T>(where: string, command: () => Promise<T>): Promise<T> => {
    const running = command();
    watch.started(where);
    try {
      return await running;
    } finally {
      watch.ended(where);
    }
  };
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
