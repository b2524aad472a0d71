import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { tell } from '../shared/etcd-loss.ts';
import { agreedLeader, etcdctl, etcdView, etcdVoters } from '../shared/etcd-status.ts';
import { etcdObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf, resumeScript, signalProcess } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';
import { majority } from '../shared/quorum.ts';

const name = 'etcd-quorum-loss';
const schema = z.strictObject({
  /** That the whole control plane stops is not done by accident. */
  really: z.boolean().default(false),
});
type Params = z.output<typeof schema>;

type Plan = {
  readonly voters: number;
  /** The members that are stopped: as few as break the quorum. */
  readonly nodes: readonly string[];
  readonly left: readonly string[];
};

/** Members are stopped, not killed: a supervisor cannot bring them back before the heal, and nothing of their data is at risk. */
export const etcdQuorumLoss: Fault<Params, Plan> = {
  name,
  summary:
    'Stops (SIGSTOP) a majority of etcd: no write and no linearizable read until the heal. Only when asked by name.',
  needs: ['node-shell', 'etcd'],
  minimumHoldMs: 10_000,
  example: { really: true },
  params: (given) => readParams(name, schema, given),
  obstacle: etcdObstacle,
  plan,
  targets: ({ nodes }) => nodes,
  impact: ({ voters, nodes, left }) =>
    `etcd on ${nodes.join(' and ')} is stopped: ${String(left.length)} of ${String(voters)} members are left, and a quorum needs ${String(majority(voters))}. ` +
    'The API answers no write and no linearizable read; nothing is scheduled, replaced or withdrawn; running services do not notice.',
  leashes: ({ nodes }) => nodes.map((node) => ({ on: { node }, undo: resumeScript('etcd') })),
  inject: async ({ cluster, signal }, { nodes }) => {
    await Promise.all(nodes.map((node) => signalProcess(cluster.node(node), 'etcd', 'STOP', signal)));
  },
  proveActive: proveLost,
  heal: async ({ cluster, signal }, { nodes }) => {
    const undo = ['sh', '-c', resumeScript('etcd')];
    await Promise.all(nodes.map((node) => cluster.node(node).exec(undo, { signal, timeoutMs: 15_000 })));
  },
  proveGone: proveBack,
};

async function plan({ cluster, random, signal }: FaultContext, { really }: Params): Promise<Plan> {
  const view = await etcdView(cluster, signal);
  const voters = (await etcdVoters(cluster, view, signal)).length;
  const needed = majority(voters);
  const taken = voters - needed + 1;
  if (!really) {
    throw new HarnessError(
      'refused',
      `Stopping ${String(taken)} of ${String(voters)} etcd members would leave ${String(voters - taken)}, and a quorum needs ${String(needed)}`,
      { hint: 'ask for it by name with really: true' },
    );
  }
  if (view.members.length < voters || agreedLeader(view, voters) === null)
    throw new HarnessError('refused', `etcd is not whole, so the loss would show nothing: ${tell(view)}`);
  const all = view.members.map(({ node }) => node);
  const nodes = random.fork('target').sample(all, taken);
  return { voters, nodes, left: all.filter((node) => !nodes.includes(node)) };
}

/** Whether a member answers a read: of what it has itself (`s`), or of what a majority has (`l`). */
async function reads({ cluster, signal }: FaultContext, node: string, consistency: 's' | 'l'): Promise<boolean> {
  const argv = [...etcdctl(cluster), 'get', 'shakedown-probe', `--consistency=${consistency}`];
  const { exitCode } = await cluster.node(node).exec(argv, { signal, timeoutMs: 5_000, allowFailure: true });
  return exitCode === 0;
}

/** Those that are left answer for themselves alone: they know no leader, without which nothing is written. */
async function proveLost(context: FaultContext, { voters, nodes, left }: Plan): Promise<string> {
  const { cluster, signal } = context;
  const options = { withinMs: 30_000, everyMs: 250, signal };
  return prove('fault-not-active', 'etcd to have lost its quorum', options, async () => {
    for (const node of nodes) {
      const states = (await processesOf(cluster.node(node), 'etcd', signal)).map(({ state }) => state);
      if (states.join() !== 'T') return notYet(`etcd on ${node} is in state ${states.join() || 'none'}`);
    }
    const view = await etcdView(cluster, signal);
    if (agreedLeader(view, voters) !== null || view.members.some(({ leaderId }) => leaderId !== '0'))
      return notYet(tell(view));
    const answers = await Promise.all(
      left.map(async (node) => ({
        node,
        own: await reads(context, node, 's'),
        agreed: await reads(context, node, 'l'),
      })),
    );
    const wrong = answers.find(({ own, agreed }) => !own || agreed);
    if (wrong !== undefined)
      return notYet(
        `${wrong.node} ${wrong.agreed ? 'answers a linearizable read' : 'does not even answer for itself'}`,
      );
    const rest = left.map((node) => `${node} answers for itself, knows no leader and answers no linearizable read`);
    return yes([...rest, `${nodes.join(' and ')} in state T`].join('; '));
  });
}

async function proveBack(context: FaultContext, { voters, nodes }: Plan): Promise<string> {
  const { cluster, signal } = context;
  const options = { withinMs: 90_000, everyMs: 300, signal };
  return prove('fault-not-gone', 'etcd to be whole again', options, async () => {
    for (const node of nodes) {
      const stopped = (await processesOf(cluster.node(node), 'etcd', signal)).some(({ state }) => state === 'T');
      if (stopped) return notYet(`etcd on ${node} is still stopped`);
    }
    const view = await etcdView(cluster, signal);
    const leader = agreedLeader(view, voters);
    if (
      leader === null ||
      view.members.some(({ leaderId }) => leaderId !== leader.memberId) ||
      view.members.length < voters
    )
      return notYet(tell(view));
    const silent = await Promise.all(
      view.members.map(async ({ node }) => ((await reads(context, node, 'l')) ? [] : [node])),
    );
    if (silent.flat().length > 0) return notYet(`${silent.flat().join(', ')} answers no linearizable read`);
    return yes(
      `${leader.node} leads ${String(voters)} members in term ${String(leader.term)}, and all answer linearizable reads`,
    );
  });
}
