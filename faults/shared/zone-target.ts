import { connect } from '../../harness/kube/index.ts';
import type { ClusterFacts, NodeFacts } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { readyNodes } from './choose-node.ts';
import { etcdView, etcdVoters } from './etcd-status.ts';
import { majority, quorumSentence, refuseQuorumLoss } from './quorum.ts';

export interface Zone {
  readonly zone: string;
  readonly inside: readonly NodeFacts[];
  readonly outside: readonly NodeFacts[];
  /** What the other side keeps of etcd, as a sentence; empty when the zone has no member. */
  readonly quorum: string;
}

const zonesOf = ({ nodes }: ClusterFacts): readonly string[] =>
  [...new Set(nodes.map(({ zone }) => zone))].filter((zone) => zone !== null).toSorted();

/** Why that zone, or any, cannot be told from the others here, as a sentence, or null. */
export function zoneObstacle(facts: ClusterFacts, zone: string | undefined): string | null {
  const zones = zonesOf(facts);
  if (zones.length < 2) return `The nodes of ${facts.name} are not labelled with two zones or more.`;
  if (zone === undefined || zones.includes(zone)) return null;
  return `${facts.name} has no node in a zone named ${zone}; it has ${zones.join(', ')}.`;
}

export interface ZoneChoice {
  readonly zone?: string | undefined;
  /** Take the zone even when the others lose the quorum of etcd. */
  readonly allowQuorumLoss: boolean;
  /** Only a zone with a control plane. */
  readonly withControlPlane?: boolean;
}

/**
 * The zone to take; from the seed, among those that leave a quorum, when none is named. Nodes that are not Ready are left
 * out on both sides.
 * @throws HarnessError `refused` when no Ready node or no quorum of etcd would be left outside it
 */
export async function chooseZone(context: FaultContext, choice: ZoneChoice): Promise<Zone> {
  const { cluster, random, signal } = context;
  const client = connect(cluster.kubeconfig);
  const ready = await readyNodes(client, signal).finally(() => {
    client.close();
  });
  const able = cluster.facts.nodes.filter(({ name }) => ready.has(name));
  const order = random.fork('target').sample(zonesOf(cluster.facts), zonesOf(cluster.facts).length);
  let refused = new HarnessError('refused', 'No zone can be taken');
  for (const zone of choice.zone === undefined ? order : [choice.zone]) {
    try {
      return await takeZone(context, zone, able, choice);
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== 'refused') throw error;
      refused = error;
    }
  }
  throw refused;
}

async function takeZone(
  context: FaultContext,
  zone: string,
  able: readonly NodeFacts[],
  { allowQuorumLoss, withControlPlane = false }: ZoneChoice,
): Promise<Zone> {
  const inside = able.filter((node) => node.zone === zone);
  const outside = able.filter((node) => node.zone !== zone);
  if (inside.length === 0 || outside.length === 0)
    throw new HarnessError('refused', `No Ready node is ${inside.length === 0 ? 'in' : 'outside'} ${zone}`);
  const members = inside.filter(({ role }) => role === 'control-plane').map(({ name }) => name);
  if (withControlPlane && members.length === 0)
    throw new HarnessError('refused', `${zone} has no Ready control plane, so it has no etcd member to cut off`);
  if (members.length === 0) return { zone, inside, outside, quorum: '' };
  try {
    return { zone, inside, outside, quorum: await quorumOutside(context, members) };
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'refused') throw error;
    if (allowQuorumLoss) return { zone, inside, outside, quorum: messageOf(error) };
    throw new HarnessError('refused', messageOf(error), { hint: 'ask for it by name with allowQuorumLoss: true' });
  }
}

/** Where etcd cannot be asked, each control plane counts for one member. */
async function quorumOutside({ cluster, signal }: FaultContext, members: readonly string[]): Promise<string> {
  const { facts } = cluster;
  if (facts.etcd !== null) {
    const view = await etcdView(cluster, signal);
    return quorumSentence(refuseQuorumLoss(view, await etcdVoters(cluster, view, signal), members));
  }
  const voters = facts.nodes.filter(({ role }) => role === 'control-plane').length;
  const check = { voters, healthy: voters, left: voters - members.length, needed: majority(voters) };
  if (check.left >= check.needed) return quorumSentence(check);
  throw new HarnessError(
    'refused',
    `Taking ${members.join(' and ')} would leave ${String(check.left)} of ${String(voters)} control planes, and a quorum needs ${String(check.needed)}`,
  );
}
