import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext, Leash } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { agreedLeader, etcdView, etcdVoters, type EtcdView, type MemberStatus } from './etcd-status.ts';
import { droppedPackets, installDrops, removeTableScript, tableName } from './nft.ts';
import { processesOf, resumeScript, signalProcess } from './processes.ts';
import { prove } from './prove.ts';
import { refuseQuorumLoss, type QuorumCheck } from './quorum.ts';

const ways = ['kill', 'pause', 'partition'] as const;
export const etcdLossParams = z.strictObject({ how: z.enum(ways).default('kill') });
/** Of a leader, which may also be asked to hand over, as before its maintenance. */
export const etcdLeaderParams = z.strictObject({ how: z.enum([...ways, 'move']).default('kill') });
/** What becomes of the member, for the sentence of the plan. */
export const etcdLossDone = {
  kill: 'is killed; its supervisor may start it again at once',
  pause: 'is stopped (SIGSTOP) until the heal',
  partition: 'loses its peers (its peer port is dropped both ways) until the heal',
  move: 'hands its lead over to another member',
};

export type EtcdLossParams = z.output<typeof etcdLossParams>;
export type EtcdLeaderParams = z.output<typeof etcdLeaderParams>;

/** One member of etcd that is taken away. */
export type EtcdLossPlan = {
  readonly how: EtcdLeaderParams['how'];
  readonly node: string;
  readonly memberId: string;
  /** The raft term when it was planned; a new leader shows by a higher one. */
  readonly term: number;
  readonly leader: string;
  readonly peerPort: number;
  /** The start time of the member's process, in clock ticks since boot. */
  readonly startedAt: number;
  readonly quorum: { readonly [Field in keyof QuorumCheck]: number };
};

/** Looks at etcd and chooses a member. @throws HarnessError `refused` when there is no leader or no quorum would be left */
export async function planEtcdLoss(
  context: FaultContext,
  how: EtcdLeaderParams['how'],
  choose: (view: EtcdView, leader: MemberStatus) => MemberStatus,
): Promise<EtcdLossPlan> {
  const { cluster, signal } = context;
  const view = await etcdView(cluster, signal);
  const voters = await etcdVoters(cluster, view, signal);
  const leader = agreedLeader(view, voters.length);
  if (leader === null) throw new HarnessError('refused', `etcd has no leader that a majority agrees on: ${tell(view)}`);
  const member = choose(view, leader);
  const quorum = refuseQuorumLoss(view, voters, [member.node]);
  const [process, ...others] = await processesOf(cluster.node(member.node), 'etcd', signal);
  if (process === undefined || others.length > 0) {
    const count = process === undefined ? 'no process' : `${String(others.length + 1)} processes`;
    throw new HarnessError('refused', `${member.node} runs ${count} of etcd, where one was expected`);
  }
  return {
    how,
    node: member.node,
    memberId: member.memberId,
    term: member.term,
    leader: leader.memberId,
    peerPort: voters.find(({ id }) => id === member.memberId)?.peerPort ?? 2380,
    startedAt: process.startedAt,
    quorum: { ...quorum },
  };
}

export async function injectEtcdLoss({ cluster, signal, mark }: FaultContext, plan: EtcdLossPlan): Promise<void> {
  const shell = cluster.node(plan.node);
  if (plan.how === 'kill') await signalProcess(shell, 'etcd', 'KILL', signal);
  if (plan.how === 'pause') await signalProcess(shell, 'etcd', 'STOP', signal);
  if (plan.how === 'partition') {
    const matches = [`tcp dport ${String(plan.peerPort)}`, `tcp sport ${String(plan.peerPort)}`];
    await installDrops(shell, tableName(mark), { input: matches, output: matches }, signal);
  }
}

/** Undoes any of the three ways; a killed member is started again by the node's own supervisor. */
export const undoEtcdLossScript = (mark: string): string =>
  `${resumeScript('etcd')}${removeTableScript(tableName(mark))}`;

export const etcdLossLeashes = (plan: EtcdLossPlan, mark: string): readonly Leash[] => [
  { on: { node: plan.node }, undo: undoEtcdLossScript(mark) },
];

export async function healEtcdLoss({ cluster, signal, mark }: FaultContext, plan: EtcdLossPlan): Promise<void> {
  await cluster.node(plan.node).exec(['sh', '-c', undoEtcdLossScript(mark)], { signal, timeoutMs: 15_000 });
}

/**
 * The victim's own side of the loss, as the kernel shows it: another process, state T, or counted drops in both directions.
 * @throws HarnessError `fault-not-active`
 */
export async function proveMemberHit(context: FaultContext, plan: EtcdLossPlan): Promise<string> {
  const { cluster, signal, mark } = context;
  const shell = cluster.node(plan.node);
  const options = { withinMs: 10_000, everyMs: 100, signal };
  if (plan.how === 'partition') {
    return prove('fault-not-active', `packets of etcd peers to be dropped on ${plan.node}`, options, async () => {
      const packets = await droppedPackets(shell, tableName(mark), signal);
      if (packets === null) return notYet('the nft table is not there');
      const half = packets.length / 2;
      const [input, output] = [sum(packets.slice(0, half)), sum(packets.slice(half))];
      if (input > 0 && output > 0) return yes(`${String(input)} packets in and ${String(output)} out were dropped`);
      return notYet(`${String(input)} packets in and ${String(output)} out were dropped`);
    });
  }
  if (plan.how === 'move') {
    return prove('fault-not-active', `etcd on ${plan.node} to follow another member`, options, async () => {
      const own = (await etcdView(cluster, signal)).members.find(({ node }) => node === plan.node);
      if (own === undefined || own.leaderId === '0' || own.leaderId === plan.memberId)
        return notYet(own === undefined ? 'it does not answer' : `it says leader ${own.leaderId}`);
      return yes(`it follows another member in term ${String(own.term)}`);
    });
  }
  return prove('fault-not-active', `etcd on ${plan.node} to be ${plan.how}ed`, options, async () => {
    const processes = await processesOf(shell, 'etcd', signal);
    const old = processes.find(({ startedAt }) => startedAt === plan.startedAt);
    if (plan.how === 'kill') {
      return old === undefined ? yes('its process is gone') : notYet(`its process ${String(old.pid)} still runs`);
    }
    if (old === undefined) return notYet('the process that was to be stopped is gone');
    return old.state === 'T' ? yes('its process is in state T') : notYet(`its process is in state ${old.state}`);
  });
}

/**
 * All voters answer, agree on one leader in one term, and the member has applied what the leader had; no mark is left.
 * @throws HarnessError `fault-not-gone`
 */
export async function proveEtcdWhole(context: FaultContext, plan: EtcdLossPlan): Promise<string> {
  const { cluster, signal, mark } = context;
  const { voters } = plan.quorum;
  let goal: number | undefined;
  return prove('fault-not-gone', `etcd to be whole again`, { withinMs: 60_000, everyMs: 200, signal }, async () => {
    const shell = cluster.node(plan.node);
    if ((await droppedPackets(shell, tableName(mark), signal)) !== null) return notYet('the nft table is still there');
    const stopped = (await processesOf(shell, 'etcd', signal)).filter(({ state }) => state === 'T');
    if (stopped.length > 0) return notYet(`etcd on ${plan.node} is still stopped`);
    const view = await etcdView(cluster, signal);
    const leader = agreedLeader(view, voters);
    if (leader === null || view.members.length < voters || !allFollow(view, leader)) return notYet(tell(view));
    goal ??= leader.appliedIndex;
    const victim = view.members.find(({ node }) => node === plan.node);
    if (victim === undefined || victim.appliedIndex < goal)
      return notYet(`${plan.node} has applied ${String(victim?.appliedIndex)} of ${String(goal)}`);
    const role = leader.node === plan.node ? 'leads' : `follows ${leader.node}`;
    return yes(
      `${plan.node} ${role} in term ${String(leader.term)} and has applied index ${String(victim.appliedIndex)}`,
    );
  });
}

const allFollow = (view: EtcdView, leader: MemberStatus): boolean =>
  view.members.every(({ leaderId, term }) => leaderId === leader.memberId && term === leader.term);

/** What each member says, in words. */
export function tell(view: EtcdView): string {
  const nodeOf = (id: string): string => view.members.find(({ memberId }) => memberId === id)?.node ?? `member ${id}`;
  const spoken = view.members.map(({ node, leaderId, term }) => {
    const whom = leaderId === '0' ? 'no leader' : `leader ${nodeOf(leaderId)}`;
    return `${node} says ${whom} in term ${String(term)}`;
  });
  return [...spoken, ...view.silent.map(({ node }) => `${node} does not answer`)].join(', ') || 'no member answers';
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
