import { z } from 'zod';

import type { Shell } from '../../harness/model/cluster.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { groupOfNode, readText, statistic, type Group } from '../shared/cgroup.ts';
import { choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { holdMemoryScript, memoryFiles, releaseMemoryScript } from '../shared/memory.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, planNode, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';

const name = 'memory-pressure';
const mib = 1024 ** 2;

const schema = z.strictObject({
  ...nodeChoice,
  /** How much is taken, and how much the node is left beyond what it uses. */
  mebibytes: z.number().int().min(64).max(4_096).default(256),
});
type Params = z.output<typeof schema>;

type Plan = NodePlan &
  Group & {
    readonly bytes: number;
    /** The limit before, in the words of its file. */
    readonly before: string;
    /** How often the node had come to its limit before. */
    readonly hits: number;
  };

/** The node is given a limit just above what it uses, and a process of its own takes the rest: no other node notices. */
export const memoryPressure: Fault<Params, Plan> = {
  name,
  summary:
    "Brings a node to the limit of its memory by a process that takes what is left, within the node's own limit.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, { mebibytes, ...choice }) => {
    const target = await planNode(context, choice);
    const shell = context.cluster.node(target.node);
    const group = await groupOfNode(shell, 'memory', context.signal);
    const before = await readText(shell, `${group.folder}/${memoryFiles(group).limit}`, context.signal);
    return { ...target, ...group, bytes: mebibytes * mib, before, hits: await hits(shell, group, context.signal) };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `${nameWithZone(plan)} is limited to ${String(plan.bytes / mib)} MiB more than it uses, and a process there takes them: file caches ` +
    'are thrown out, allocations wait for reclaim, and whatever needs more memory than can be reclaimed makes the kernel kill that process first.',
  leashes: (plan, mark) => [{ on: { node: plan.node }, undo: releaseMemoryScript(plan, plan.before, mark) }],
  inject: async ({ cluster, signal, mark }, plan) => {
    const script = holdMemoryScript(plan, plan.bytes, mark);
    await cluster.node(plan.node).exec(['sh', '-c', script], { signal, timeoutMs: 15_000 });
  },
  proveActive: provePressed,
  heal: async ({ cluster, signal, mark }, plan) => {
    const script = releaseMemoryScript(plan, plan.before, mark);
    await cluster.node(plan.node).exec(['sh', '-c', script], { signal, timeoutMs: 30_000 });
  },
  proveGone: async (context, plan) => {
    const { cluster, signal, mark } = context;
    const shell = cluster.node(plan.node);
    const options = { withinMs: 30_000, everyMs: 300, signal };
    await prove('fault-not-gone', `the memory of ${plan.node} to be its own`, options, async () => {
      const limit = await readText(shell, `${plan.folder}/${memoryFiles(plan).limit}`, signal);
      if (limit !== plan.before) return notYet(`its limit is ${limit}, not ${plan.before}`);
      const look = ['test', '!', '-d', `${plan.folder}/shakedown_${mark}`];
      const { exitCode } = await shell.exec(look, { signal, timeoutMs: 5_000, allowFailure: true });
      return exitCode === 0 ? yes(undefined) : notYet('the group of the process is still there');
    });
    return `the limit of ${plan.node} is as before and nothing of ours holds memory; ${await proveNodeBack(context, plan.node)}`;
  },
};

/** How often the kernel found the node at its limit. */
async function hits(shell: Shell, group: Group, signal: AbortSignal): Promise<number> {
  if (group.version === 1) return Number(await readText(shell, `${group.folder}/memory.failcnt`, signal));
  return statistic(await readText(shell, `${group.folder}/memory.events`, signal), 'max');
}

/** By the kernel's own counters: use is at the limit, and it came to it again and again. */
async function provePressed({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
  const shell = cluster.node(plan.node);
  const files = memoryFiles(plan);
  const options = { withinMs: 30_000, everyMs: 200, signal };
  return prove('fault-not-active', `${plan.node} to be at the limit of its memory`, options, async () => {
    const usage = Number(await readText(shell, `${plan.folder}/${files.usage}`, signal));
    const limit = Number(await readText(shell, `${plan.folder}/${files.limit}`, signal));
    const times = (await hits(shell, plan, signal)) - plan.hits;
    const saw = `${plan.node} uses ${String(Math.round(usage / mib))} MiB of ${String(Math.round(limit / mib))}`;
    if (!(usage >= limit * 0.9) || times <= 0) return notYet(`${saw} and came to its limit ${String(times)} times`);
    return yes(`${saw} and came to its limit ${String(times)} times by the kernel's count`);
  });
}
