import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import {
  etcdLeaderParams,
  etcdLossDone,
  etcdLossLeashes,
  healEtcdLoss,
  injectEtcdLoss,
  planEtcdLoss,
  proveEtcdWhole,
  proveMemberHit,
  tell,
  type EtcdLeaderParams,
  type EtcdLossPlan,
} from '../shared/etcd-loss.ts';
import { agreedLeader, etcdctl, etcdView, type MemberStatus } from '../shared/etcd-status.ts';
import { etcdObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { quorumSentence } from '../shared/quorum.ts';

const name = 'etcd-leader-loss';

/** The successor is the id of the member to which the lead is handed over; null for a leader that is taken. */
type Plan = EtcdLossPlan & { readonly successor: string | null };

/** The leader is looked up by status. It never moves back by itself when the member returns. */
export const etcdLeaderLoss: Fault<EtcdLeaderParams, Plan> = {
  name,
  summary: 'Takes the leader from etcd: killed, stopped, cut off from its peers, or told to hand over.',
  needs: ['node-shell', 'etcd'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, etcdLeaderParams, given),
  obstacle: etcdObstacle,
  plan,
  targets: ({ node }) => [node],
  impact: ({ node, how, term, quorum }, facts) => {
    const api =
      facts.etcd?.wiring === 'own'
        ? `the API server on ${node} answers no writes as long as its own member is away`
        : 'no API server depends on this member alone';
    if (how === 'move')
      return `etcd on ${node}, leader of term ${String(term)}, ${etcdLossDone[how]}: no member is away, and writes hardly pause.`;
    return (
      `etcd on ${node}, leader of term ${String(term)}, ${etcdLossDone[how]}: ${quorumSentence(quorum)}. ` +
      `Writes to the API wait for an election of one to two election timeouts; ${api}; services do not notice.`
    );
  },
  leashes: etcdLossLeashes,
  inject: async (context, plan) => {
    await refuseMovedLeader(context, plan);
    await (plan.successor === null ? injectEtcdLoss(context, plan) : handOver(context, plan.node, plan.successor));
  },
  proveActive: async (context, plan) => {
    const [hit, elected] = await Promise.all([proveMemberHit(context, plan), proveElection(context, plan)]);
    return `${hit}; ${elected}`;
  },
  heal: healEtcdLoss,
  proveGone: proveEtcdWhole,
};

async function plan(context: FaultContext, { how }: EtcdLeaderParams): Promise<Plan> {
  let others: readonly MemberStatus[] = [];
  const taken = await planEtcdLoss(context, how, ({ members }, leader) => {
    others = members.filter(({ memberId }) => memberId !== leader.memberId);
    return leader;
  });
  const successor = how === 'move' ? context.random.fork('successor').pick(others).memberId : null;
  return { ...taken, successor };
}

/** As an operator does before the maintenance of the leader's machine. */
async function handOver({ cluster, signal }: FaultContext, node: string, successor: string): Promise<void> {
  // etcdctl wants the id as it prints it, in hexadecimal.
  const argv = [...etcdctl(cluster), 'move-leader', BigInt(successor).toString(16)];
  await cluster.node(node).exec(argv, { signal, timeoutMs: 10_000 });
}

/** Between plan and injection the leader may have moved: the plan would then hit a follower. */
async function refuseMovedLeader({ cluster, signal }: FaultContext, plan: EtcdLossPlan): Promise<void> {
  const leader = agreedLeader(await etcdView(cluster, signal), plan.quorum.voters);
  if (leader?.memberId === plan.memberId) return;
  const now = leader === null ? 'there is none' : `it is ${leader.node}`;
  throw new HarnessError('refused', `etcd on ${plan.node} is no longer the leader that was planned for: now ${now}`);
}

/** The members that were left alone elect a leader in a later term: that is what a loss of the leader means. */
async function proveElection(context: FaultContext, plan: EtcdLossPlan): Promise<string> {
  const { cluster, signal } = context;
  const what = `the other members to elect a leader after term ${String(plan.term)}`;
  return prove('fault-not-active', what, { withinMs: 15_000, everyMs: 250, signal }, async () => {
    // A killed member may be back and may even be elected again, but only in a later term.
    const view = await etcdView(cluster, signal, plan.how === 'kill' ? undefined : plan.node);
    const leader = agreedLeader(view, plan.quorum.voters);
    if (leader === null || leader.term <= plan.term) return notYet(tell(view));
    context.record({
      kind: 'sample',
      probe: 'etcd-leader',
      atMs: context.now(),
      value: { node: leader.node, term: leader.term },
    });
    return yes(`${leader.node} leads in term ${String(leader.term)}, after ${plan.node} in term ${String(plan.term)}`);
  });
}
