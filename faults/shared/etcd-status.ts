import type { Cluster } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';

/** What a member of etcd says of itself. Ids are 64-bit numbers and therefore text here. */
export interface MemberStatus {
  readonly node: string;
  readonly memberId: string;
  /** The member that it takes for the leader; `0` when it knows none. */
  readonly leaderId: string;
  readonly term: number;
  readonly appliedIndex: number;
}

export interface EtcdView {
  readonly members: readonly MemberStatus[];
  /** The control planes whose own member gave no answer, with the reason. */
  readonly silent: readonly { readonly node: string; readonly because: string }[];
}

export interface Voter {
  readonly id: string;
  readonly name: string;
  readonly peerPort: number;
}

const askMs = 3_000;

/** The argv of etcdctl on a control-plane node, with limits of 2 s. @throws HarnessError `not-here` */
export function etcdctl(cluster: Cluster): readonly string[] {
  const { etcd } = cluster.facts;
  if (etcd === null) throw new HarnessError('not-here', `The etcd of cluster ${cluster.facts.name} cannot be asked`);
  return [...etcd.etcdctl, '--command-timeout=2s', '--dial-timeout=1s'];
}

/** JSON.parse rounds whole numbers above 2^53; member ids are larger. */
const parse = (text: string): unknown => JSON.parse(text.replaceAll(/([:[,]\s*)(\d{15,})/g, '$1"$2"'));

interface RawStatus {
  readonly Status: {
    readonly header: { readonly member_id: string | number };
    readonly leader?: string | number;
    readonly raftTerm?: number;
    readonly raftAppliedIndex?: number;
  };
}

/**
 * Asks each control plane's own member. A member answers for itself even when it has lost the others.
 * @param except a node that is not asked, because its member is known not to answer and would be waited for
 */
export async function etcdView(cluster: Cluster, signal: AbortSignal, except?: string): Promise<EtcdView> {
  const argv = [...etcdctl(cluster), 'endpoint', 'status', '-w', 'json'];
  const nodes = cluster.facts.nodes
    .filter(({ role, name }) => role === 'control-plane' && name !== except)
    .map(({ name }) => name);
  const answers = await Promise.all(
    nodes.map(async (node) => {
      try {
        const { stdout } = await cluster.node(node).exec(argv, { signal, timeoutMs: askMs });
        return memberStatus(node, stdout);
      } catch (error) {
        signal.throwIfAborted();
        return { node, because: messageOf(error) };
      }
    }),
  );
  return {
    members: answers.filter((answer) => 'memberId' in answer),
    silent: answers.filter((answer) => 'because' in answer),
  };
}

function memberStatus(node: string, stdout: string): MemberStatus {
  const [first] = parse(stdout) as readonly RawStatus[];
  if (first === undefined) throw new HarnessError('command-failed', `The etcd member on ${node} gave an empty status`);
  const { header, leader, raftTerm, raftAppliedIndex } = first.Status;
  return {
    node,
    memberId: String(header.member_id),
    leaderId: String(leader ?? 0),
    term: raftTerm ?? 0,
    appliedIndex: raftAppliedIndex ?? 0,
  };
}

interface RawMember {
  readonly ID: string | number;
  readonly name?: string;
  readonly peerURLs?: readonly string[];
  readonly isLearner?: boolean;
}

/** The members that vote, as the first control plane that answers lists them. */
export async function etcdVoters(cluster: Cluster, view: EtcdView, signal: AbortSignal): Promise<readonly Voter[]> {
  const argv = [...etcdctl(cluster), 'member', 'list', '-w', 'json'];
  const failures: string[] = [];
  for (const { node } of view.members) {
    try {
      const { stdout } = await cluster.node(node).exec(argv, { signal, timeoutMs: askMs });
      const { members } = parse(stdout) as { readonly members: readonly RawMember[] };
      return members
        .filter(({ isLearner }) => isLearner !== true)
        .map(({ ID, name = '', peerURLs = [] }) => ({
          id: String(ID),
          name,
          peerPort: Number(new URL(peerURLs[0] ?? 'https://none:2380').port),
        }));
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${node}: ${messageOf(error)}`);
    }
  }
  throw new HarnessError('refused', `No etcd member could list the members: ${failures.join('; ') || 'none answers'}`);
}

/** The leader that a majority of the voters agrees on, or null. */
export function agreedLeader(view: EtcdView, voters: number): MemberStatus | null {
  const count = (member: MemberStatus): number =>
    view.members.filter(({ leaderId, term }) => leaderId === member.memberId && term === member.term).length;
  return view.members.find((member) => count(member) > voters / 2) ?? null;
}
