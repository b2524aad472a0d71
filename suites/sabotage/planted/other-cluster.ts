import type { Cluster, ClusterFacts, Place } from '../../../harness/model/cluster.ts';

export interface Otherwise {
  readonly kubeconfig?: string;
  readonly facts?: ClusterFacts;
  /** Stands in for the place of that name. */
  readonly place?: { readonly name: string; readonly as: (place: Place) => Place };
}

/** The same cluster, but for what a plant puts between it and the instruments of a run. */
export function otherCluster(cluster: Cluster, { kubeconfig, facts, place }: Otherwise): Cluster {
  return {
    facts: facts ?? cluster.facts,
    kubeconfig: kubeconfig ?? cluster.kubeconfig,
    host: cluster.host,
    node: (name) => cluster.node(name),
    place: async (name) => {
      const real = await cluster.place(name);
      return name === place?.name ? place.as(real) : real;
    },
    power: (node) => cluster.power(node),
    loadImages: (archives, signal) => cluster.loadImages(archives, signal),
    collectLogs: (directory) => cluster.collectLogs(directory),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
