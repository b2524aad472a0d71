import type { NodeFilter } from './filter.ts';
import { addressMatches } from './node-networks.ts';

/** What lies outside a zone. */
export interface Cut {
  readonly nodes: readonly string[];
  readonly pods: readonly string[];
  /** The API's load balancer, where it is outside. */
  readonly endpoint: readonly string[];
  readonly etcdPorts: readonly number[];
}

type Rules = NodeFilter['rules'];

/** The rules that one node of the zone is given. */
export function zoneFilter(
  node: string,
  mode: 'both' | 'one-way' | 'etcd-only' | 'data-plane-only',
  cut: Cut,
): NodeFilter {
  const everything = [...cut.nodes, ...cut.pods, ...cut.endpoint];
  if (mode === 'both') return { node, rules: [...arriving(everything), ...leaving(everything)] };
  if (mode === 'one-way') return { node, rules: [...arriving(everything), ...leaving(everything, 'continue')] };
  if (mode === 'etcd-only') {
    const ports = `{ ${cut.etcdPorts.join(', ')} }`;
    const of = (rules: Rules): Rules =>
      rules.flatMap((rule) =>
        ['dport', 'sport'].map((side) => ({ ...rule, match: `${rule.match} tcp ${side} ${ports}` })),
      );
    return { node, rules: [...of(arriving(cut.nodes)), ...of(leaving(cut.nodes))] };
  }
  // What a node forwards is its pods' traffic, whoever is at the other end; the rest is between its host and pods outside.
  const forwarded = ['saddr', 'daddr'] as const;
  const outside = [...cut.nodes, ...cut.pods];
  const rules = forwarded.flatMap((side) =>
    addressMatches(side, outside).map((match) => ({ hook: 'forward' as const, match, verdict: 'drop' })),
  );
  return { node, rules: [...rules, ...arriving(cut.pods), ...leaving(cut.pods)] };
}

const arriving = (networks: readonly string[]): Rules =>
  addressMatches('saddr', networks).map((match) => ({ hook: 'prerouting', match, verdict: 'drop' }));

const leaving = (networks: readonly string[], verdict = 'drop'): Rules =>
  addressMatches('daddr', networks).map((match) => ({ hook: 'postrouting', match, verdict }));
