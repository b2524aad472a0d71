import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import {
  etcdLossDone,
  etcdLossLeashes,
  etcdLossParams,
  healEtcdLoss,
  injectEtcdLoss,
  planEtcdLoss,
  proveEtcdWhole,
  proveMemberHit,
  tell,
  type EtcdLossParams,
  type EtcdLossPlan,
} from '../shared/etcd-loss.ts';
import { agreedLeader, etcdView } from '../shared/etcd-status.ts';
import { etcdObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { quorumSentence } from '../shared/quorum.ts';

const name = 'etcd-follower-loss';

/** The leader stays, so writes go on: what is lost is the reserve. */
export const etcdFollowerLoss: Fault<EtcdLossParams, EtcdLossPlan> = {
  name,
  summary: 'Takes a follower, chosen from the seed, from etcd: killed, stopped, or cut off from its peers.',
  needs: ['node-shell', 'etcd'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, etcdLossParams, given),
  obstacle: etcdObstacle,
  plan: (context, { how }) =>
    planEtcdLoss(context, how, ({ members }, leader) => {
      const followers = members.filter(({ memberId }) => memberId !== leader.memberId);
      if (followers.length === 0)
        throw new HarnessError('refused', 'etcd has a single member: it has no follower to lose');
      return context.random.fork('target').pick(followers);
    }),
  targets: ({ node }) => [node],
  impact: ({ node, how, term, quorum }, facts) => {
    const api =
      facts.etcd?.wiring === 'own'
        ? `the API server on ${node} fails as long as its own member is away`
        : 'no API server depends on this member alone';
    return `etcd on ${node}, a follower in term ${String(term)}, ${etcdLossDone[how]}: ${quorumSentence(quorum)}. The leader stays; ${api}.`;
  },
  leashes: etcdLossLeashes,
  inject: injectEtcdLoss,
  proveActive: async (context, plan) => {
    const hit = await proveMemberHit(context, plan);
    return `${hit}; ${await proveAway(context, plan)}`;
  },
  heal: healEtcdLoss,
  proveGone: proveEtcdWhole,
};

/** The others keep their leader; a member that was cut off but lives says that it has lost it. */
async function proveAway(context: FaultContext, plan: EtcdLossPlan): Promise<string> {
  const { cluster, signal } = context;
  const options = { withinMs: 15_000, everyMs: 250, signal };
  return prove('fault-not-active', `etcd to go on without ${plan.node}`, options, async () => {
    const view = await etcdView(cluster, signal, plan.how === 'partition' ? undefined : plan.node);
    const leader = agreedLeader(view, plan.quorum.voters);
    if (leader === null) return notYet(tell(view));
    const victim = view.members.find(({ node }) => node === plan.node);
    if (plan.how === 'partition' && victim?.leaderId !== '0')
      return notYet(`${plan.node} still has a leader: ${tell(view)}`);
    const alone = plan.how === 'partition' ? `${plan.node} says that it has no leader, ` : '';
    return yes(`${alone}${leader.node} leads the others in term ${String(leader.term)}`);
  });
}
