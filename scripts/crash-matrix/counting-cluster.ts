import type { Cluster, PowerSwitch, Shell } from '../../harness/model/cluster.ts';

/** Told of each command that a fault gives to the cluster: when it was started, and when it has ended. */
export interface CommandWatch {
  started(): void;
  ended(): void;
}

/** The same cluster, with every command on a node, on the host and of a power switch reported. */
export function countingCluster(cluster: Cluster, watch: CommandWatch): Cluster {
  const watched = async <T>(command: () => Promise<T>): Promise<T> => {
    const running = command();
    watch.started();
    try {
      return await running;
    } finally {
      watch.ended();
    }
  };
  const shell = (inner: Shell): Shell => ({
    name: inner.name,
    exec: (argv, options) => watched(() => inner.exec(argv, options)),
    spawn: (argv, options) => inner.spawn(argv, options),
  });
  const power = (inner: PowerSwitch): PowerSwitch => ({
    cutLink: () => watched(() => inner.cutLink()),
    restoreLink: () => watched(() => inner.restoreLink()),
    off: () => watched(() => inner.off()),
    on: () => watched(() => inner.on()),
    state: () => inner.state(),
    restoreScript: inner.restoreScript,
  });
  return {
    facts: cluster.facts,
    kubeconfig: cluster.kubeconfig,
    host: shell(cluster.host),
    node: (name) => shell(cluster.node(name)),
    place: (name) => cluster.place(name),
    power: (node) => power(cluster.power(node)),
    loadImages: (archives, signal) => cluster.loadImages(archives, signal),
    ...(cluster.buildProgram ? { buildProgram: cluster.buildProgram.bind(cluster) } : {}),
    collectLogs: (directory) => cluster.collectLogs(directory),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
