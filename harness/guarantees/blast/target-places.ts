import type { StateEvent } from '../../model/history.ts';
import { readNode, readPod } from '../../model/objects.ts';

/** Where things are in the cluster, as the watches told by a certain time. */
export interface Places {
  /** The zone of each node; null where it has none. */
  readonly zoneOf: ReadonlyMap<string, string | null>;
  /** The node of each pod, by `namespace/name`. */
  readonly nodeOf: ReadonlyMap<string, string>;
}

/** The places of nodes and pods at an instant. */
export function placesAt(states: readonly StateEvent[], atMs: number): Places {
  const zoneOf = new Map<string, string | null>();
  const nodeOf = new Map<string, string>();
  for (const event of states) {
    // A node that was seen only later is a place all the same: nodes do not change their zone.
    if (event.object === 'Node' && !(event.atMs > atMs && zoneOf.has(event.name)))
      zoneOf.set(event.name, readNode(event.value).zone);
    if (event.object !== 'Pod' || event.atMs > atMs) continue;
    const { node } = readPod(event.value);
    if (node !== null) nodeOf.set(`${event.namespace}/${event.name}`, node);
  }
  return { zoneOf, nodeOf };
}

/** The nodes and zones that a fault was aimed at: a zone is hit with the first of its nodes, and a node with its pods. */
export interface Target {
  readonly nodes: ReadonlySet<string>;
  readonly zones: ReadonlySet<string>;
}

/** @returns where the targets are, or which of them is at no place */
export function targetOf(
  targets: readonly string[],
  { zoneOf, nodeOf }: Places,
): Target | { readonly nowhere: string } {
  const nodes = new Set<string>();
  const zones = new Set<string>();
  for (const target of targets) {
    const node = zoneOf.has(target) ? target : nodeOf.get(target.replace(/^pod /, ''));
    if (node === undefined) return { nowhere: target };
    nodes.add(node);
    const zone = zoneOf.get(node) ?? null;
    if (zone !== null) zones.add(zone);
  }
  return { nodes, zones };
}

/** The zones and nodes that a path's name has in it, as `nodeport-zone-a` has zone-a. */
export function placesNamed(path: string, { zoneOf }: Places): readonly string[] {
  const known = [...zoneOf].flatMap(([node, zone]) => (zone === null ? [node] : [node, zone]));
  const bounded = `-${path.replace(/[^A-Za-z0-9]+/g, '-')}-`;
  return [...new Set(known)].filter((name) => bounded.includes(`-${name.replace(/[^A-Za-z0-9]+/g, '-')}-`));
}
