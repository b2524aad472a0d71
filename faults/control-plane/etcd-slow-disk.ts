import { z } from 'zod';

import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { flagOf } from '../shared/command-line.ts';
import { tell } from '../shared/etcd-loss.ts';
import { etcdMetrics } from '../shared/etcd-metrics.ts';
import { agreedLeader, etcdView, etcdVoters } from '../shared/etcd-status.ts';
import { etcdObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';
import { diskUse, slowedThreads, slowScript, unslowScript, type DiskUse } from '../shared/slow-disk.ts';

const name = 'etcd-slow-disk';
const schema = z.strictObject({
  which: z.enum(['leader', 'follower']).default('leader'),
  writesPerSecond: z.int().min(1).max(1_000).default(5),
});
type Params = z.output<typeof schema>;

type Plan = {
  readonly node: string;
  readonly which: Params['which'];
  readonly pid: number;
  readonly writesPerSecond: number;
  readonly disk: DiskUse;
  /** The mean of all fsyncs of its log so far, in milliseconds. */
  readonly usualMs: number;
  readonly voters: number;
  /** The raft term when it was planned: a leader of a later one took the lead. */
  readonly term: number;
};

/** A member with a slow disk is not dead: it answers, late. Only a leader's slowness is felt by all. */
export const etcdSlowDisk: Fault<Params, Plan> = {
  name,
  summary: "Limits the writes of one etcd member's process to a few a second: its log is synced slowly.",
  needs: ['node-shell', 'etcd'],
  minimumHoldMs: 8_000,
  params: (given) => readParams(name, schema, given),
  obstacle: etcdObstacle,
  plan,
  targets: ({ node }) => [node],
  impact: ({ node, which, writesPerSecond, usualMs }) =>
    `etcd on ${node}, a ${which}, writes to its disk ${String(writesPerSecond)} times a second at most; a sync of its log took ` +
    `${usualMs.toFixed(1)} ms on average so far. ${which === 'leader' ? 'Every write to the API waits for it, unless another member takes the lead' : 'The others commit without it'}; services do not notice.`,
  leashes: ({ node, disk }, mark) => [{ on: { node }, undo: unslowScript(mark, disk) }],
  inject: async ({ cluster, signal, mark }, { node, pid, disk, writesPerSecond }) => {
    const script = slowScript(mark, pid, disk, writesPerSecond);
    await cluster.node(node).exec(['sh', '-c', script], { signal, timeoutMs: 15_000 });
  },
  proveActive: proveSlow,
  heal: async ({ cluster, signal, mark }, { node, disk }) => {
    await cluster.node(node).exec(['sh', '-c', unslowScript(mark, disk)], { signal, timeoutMs: 30_000 });
  },
  proveGone: async (context, { node, voters }) => {
    const { cluster, signal, mark } = context;
    const options = { withinMs: 60_000, everyMs: 300, signal };
    return prove('fault-not-gone', `etcd on ${node} to be as before`, options, async () => {
      if ((await slowedThreads(cluster.node(node), mark, signal)) !== null) return notYet('its group is still there');
      const view = await etcdView(cluster, signal);
      const leader = agreedLeader(view, voters);
      if (leader === null || view.members.length < voters) return notYet(tell(view));
      const value = { node: leader.node, term: leader.term };
      context.record({ kind: 'sample', probe: 'etcd-leader', atMs: context.now(), value });
      return yes(`no thread is limited; ${leader.node} leads ${String(voters)} members in term ${String(leader.term)}`);
    });
  },
};

async function plan({ cluster, random, signal }: FaultContext, { which, writesPerSecond }: Params): Promise<Plan> {
  const view = await etcdView(cluster, signal);
  const voters = (await etcdVoters(cluster, view, signal)).length;
  const leader = agreedLeader(view, voters);
  if (leader === null) throw new HarnessError('refused', `etcd has no leader that a majority agrees on: ${tell(view)}`);
  const fitting = view.members.filter(({ memberId }) => (memberId === leader.memberId) === (which === 'leader'));
  if (fitting.length === 0) throw new HarnessError('refused', 'etcd has no follower that answers');
  const { node } = random.fork('target').pick(fitting);
  const shell = cluster.node(node);
  const [process, ...others] = await processesOf(shell, 'etcd', signal);
  if (process === undefined || others.length > 0)
    throw new HarnessError('refused', `${node} does not run exactly one process of etcd`);
  const disk = await diskUse(shell, process.pid, await dataFolder(shell, process.pid, signal), signal);
  const { count, seconds } = await fsyncs(shell, signal);
  return {
    node,
    which,
    pid: process.pid,
    writesPerSecond,
    disk,
    usualMs: Math.round((seconds / Math.max(1, count)) * 10_000) / 10,
    voters,
    term: leader.term,
  };
}

/** From its command line, as every installer gives it. */
async function dataFolder(shell: Shell, pid: number, signal: AbortSignal): Promise<string> {
  const found = await flagOf(shell, pid, 'data-dir', signal);
  if (!found.startsWith('/')) throw new HarnessError('refused', `etcd on ${shell.name} does not say where its data is`);
  return `/proc/${String(pid)}/root${found}`;
}

/** What the member itself counted of the syncs of its log. @throws HarnessError `refused` when it serves no metrics on loopback */
async function fsyncs(
  shell: Shell,
  signal: AbortSignal,
): Promise<{ readonly count: number; readonly seconds: number }> {
  const metric = 'etcd_disk_wal_fsync_duration_seconds';
  const [count = 0, seconds = 0] = await etcdMetrics(shell, [`${metric}_count`, `${metric}_sum`], signal);
  return { count, seconds };
}

/** Its own count of slow syncs since the proof began. */
async function proveSlow(context: FaultContext, { node, usualMs }: Plan): Promise<string> {
  const { cluster, signal, mark } = context;
  const shell = cluster.node(node);
  const before = await fsyncs(shell, signal);
  const atLeastMs = Math.max(100, usualMs * 5);
  const options = { withinMs: 30_000, everyMs: 500, signal };
  return prove('fault-not-active', `the log of etcd on ${node} to be synced slowly`, options, async () => {
    const threads = await slowedThreads(shell, mark, signal);
    if (threads === null || threads === 0) return notYet('no thread of it is limited');
    const now = await fsyncs(shell, signal);
    const count = now.count - before.count;
    const meanMs = ((now.seconds - before.seconds) / Math.max(1, count)) * 1_000;
    const words = `${String(count)} syncs of its log took ${meanMs.toFixed(0)} ms on average, ${usualMs.toFixed(1)} ms before`;
    if (count < 2 || meanMs < atLeastMs) return notYet(words);
    context.record({ kind: 'sample', probe: 'etcd-fsync', atMs: context.now(), value: { node, meanMs } });
    return yes(`${words}; ${String(threads)} threads are limited`);
  });
}
