import { HarnessError } from '../../harness/model/errors.ts';
import type { EtcdView, Voter } from './etcd-status.ts';

/** How many of `voters` members must be able to talk to each other. */
export const majority = (voters: number): number => Math.floor(voters / 2) + 1;

/** The arithmetic of taking members away, or why it is refused. */
export interface QuorumCheck {
  readonly voters: number;
  readonly healthy: number;
  readonly left: number;
  readonly needed: number;
}

/**
 * Counts what is left of etcd without the members on those nodes. A member is healthy when it answers and has a leader.
 * @throws HarnessError `refused` with the arithmetic when no quorum would be left
 */
export function refuseQuorumLoss(view: EtcdView, voters: readonly Voter[], nodes: readonly string[]): QuorumCheck {
  const healthy = view.members.filter(({ leaderId }) => leaderId !== '0');
  const left = healthy.filter(({ node }) => !nodes.includes(node)).length;
  const needed = majority(voters.length);
  const check = { voters: voters.length, healthy: healthy.length, left, needed };
  if (left >= needed) return check;
  const silent = view.silent.map(({ node }) => `${node} does not answer`);
  const reasons = silent.length === 0 ? '' : ` (${silent.join(', ')})`;
  throw new HarnessError(
    'refused',
    `Taking ${nodes.join(' and ')} from etcd would leave ${String(left)} of ${String(voters.length)} voting members healthy, ` +
      `and a quorum needs ${String(needed)}${reasons}`,
  );
}

export const quorumSentence = ({ voters, left, needed }: QuorumCheck): string =>
  `${String(left)} of ${String(voters)} etcd members are left, and a quorum needs ${String(needed)}`;
