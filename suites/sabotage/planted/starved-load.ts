import type { Cluster, Place } from '../../../harness/model/cluster.ts';
import { realInstruments, type Instruments } from '../../../harness/run/instruments.ts';

const group = '/sys/fs/cgroup/cpu/shakedown-starved-load';
/** Two hundredths of a core: k6 needs ten times that for the least load. */
const starve = `mkdir -p ${group} && echo 2000 > ${group}/cpu.cfs_quota_us && echo $$ > ${group}/tasks && exec "$@"`;

function starvedPlace(place: Place): Place {
  return {
    name: place.name,
    address: place.address,
    exec: (argv, options) => place.exec(argv, options),
    spawn: (argv, options) => place.spawn(['sh', '-c', starve, 'starve', ...argv], options),
  };
}

function starvedCluster(cluster: Cluster): Cluster {
  return {
    facts: cluster.facts,
    kubeconfig: cluster.kubeconfig,
    host: cluster.host,
    node: (name) => cluster.node(name),
    place: async (name) => (name === 'client' ? starvedPlace(await cluster.place(name)) : cluster.place(name)),
    power: (node) => cluster.power(node),
    loadImages: (archives, signal) => cluster.loadImages(archives, signal),
    collectLogs: (directory) => cluster.collectLogs(directory),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

/** Plants a load generator that has not enough of the machine to reach its rate. */
export const starvedInstruments: Instruments = {
  ...realInstruments,
  steadyWithinMs: 10_000,
  measure: (options) => realInstruments.measure({ ...options, cluster: starvedCluster(options.cluster) }),
};

/** Removes the cgroup that the plant made. */
export const removeStarvation = ['rmdir', group] as const;
