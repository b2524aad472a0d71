import { connect } from '../../harness/kube/index.ts';
import type { Cluster } from '../../harness/model/cluster.ts';

interface Nodes {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec?: { readonly podCIDR?: string; readonly podCIDRs?: readonly string[] };
  }[];
}

/** The addresses behind each node: its own, and the networks of its pods where the API tells them. */
export async function networksOf(cluster: Cluster, signal: AbortSignal): Promise<(node: string) => readonly string[]> {
  const client = connect(cluster.kubeconfig);
  try {
    const { items } = (await client.request('/api/v1/nodes', { signal })) as Nodes;
    return (node) => {
      const own = cluster.facts.nodes.filter(({ name }) => name === node).map(({ address }) => address);
      const spec = items.find(({ metadata }) => metadata.name === node)?.spec;
      return [...own, ...(spec?.podCIDRs ?? (spec?.podCIDR === undefined ? [] : [spec.podCIDR]))];
    };
  } finally {
    client.close();
  }
}

/** nft's words for packets with such a source or destination: one match for each family in use. */
export function addressMatches(side: 'saddr' | 'daddr', networks: readonly string[]): readonly string[] {
  const six = networks.filter((network) => network.includes(':'));
  const four = networks.filter((network) => !network.includes(':'));
  return [
    ...(four.length === 0 ? [] : [`ip ${side} { ${four.join(', ')} }`]),
    ...(six.length === 0 ? [] : [`ip6 ${side} { ${six.join(', ')} }`]),
  ];
}
