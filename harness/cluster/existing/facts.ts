import type { Capability, ClusterFacts } from '../../model/cluster.ts';
import { nodeFactsOf } from './raw-node.ts';
import type { View } from './view.ts';

/** What was found out beside what the API tells. */
export interface Findings {
  readonly name: string;
  /** The URL of the kubeconfig's context. */
  readonly server: string;
  /** The addresses that do not answer this machine. */
  readonly silent: readonly string[];
  readonly whyNoAgents: string | null;
  readonly etcd: ClusterFacts['etcd'];
  readonly whyNoEtcd: string;
}

/** The facts of a cluster of others: what it has is listed, what it lacks has its reason. */
export function factsOf(view: View, findings: Findings): ClusterFacts {
  const nodes = view.nodes.map(nodeFactsOf);
  const unreached = nodes.filter(({ address }) => findings.silent.includes(address)).map(({ name }) => name);
  const whyNoPlaces =
    unreached.length === 0
      ? null
      : `this machine does not reach the addresses of ${unreached.join(', ')}; run shakedown on one that does`;
  const whyNoShell = whyNoPlaces ?? findings.whyNoAgents;
  const reasons: readonly (readonly [Capability, string | null])[] = [
    ['node-shell', whyNoShell],
    ['places', whyNoPlaces],
    ['etcd', whyNoShell ?? (findings.etcd === null ? findings.whyNoEtcd : null)],
    ['power', 'nobody but its owner can switch its machines off'],
  ];
  const missing = reasons.flatMap(([capability, because]) =>
    because === null ? [] : [[capability, because] as const],
  );
  const apiServers = view.apiServers.flatMap(({ address, port }) => {
    const node = nodes.find((each) => each.address === address);
    if (node === undefined || findings.silent.includes(address)) return [];
    return [{ node: node.name, url: `https://${address.includes(':') ? `[${address}]` : address}:${String(port)}` }];
  });
  return {
    // It becomes part of the names of files on nodes.
    name: findings.name.replace(/[^\w.-]+/g, '-'),
    provider: 'existing',
    owned: false,
    kubernetesVersion: view.version,
    nodes,
    capabilities: reasons.flatMap(([capability, because]) => (because === null ? [capability] : [])),
    missing: Object.fromEntries(missing),
    apiEndpoint: findings.server,
    apiServers,
    etcd: findings.etcd,
  };
}
