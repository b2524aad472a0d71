import { z } from 'zod';

import type { Shell } from '../../harness/model/cluster.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { groupOfService, readText, setScript, statistic, type Group } from '../shared/cgroup.ts';
import { choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { askLocal, kubeletHealth } from '../shared/http-answer.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, planNode, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';

const name = 'cpu-starvation';
const services = ['kubelet', 'containerd'] as const;
/** The kernel hands out processor time in such periods, here in microseconds. */
const periodUs = 100_000;

const schema = z.strictObject({
  ...nodeChoice,
  /** What is left to each service, in percent of one core. */
  percent: z.number().int().min(1).max(50).default(1),
});
type Params = z.output<typeof schema>;

type Starved = Group & { readonly service: string; readonly file: string; readonly before: string };
type Plan = NodePlan & { readonly percent: number; readonly groups: readonly Starved[] };

/** The kernel's own quota, so that pods keep the processor time that they have. */
export const cpuStarvation: Fault<Params, Plan> = {
  name,
  summary: "Leaves a node's kubelet and container runtime a few percent of one core, by the kernel's quota.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, { percent, ...choice }) => {
    const target = await planNode(context, choice);
    const shell = context.cluster.node(target.node);
    const groups = services.map((service) => quotaOf(shell, service, context.signal));
    return { ...target, percent, groups: await Promise.all(groups) };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `${services.join(' and ')} of ${nameWithZone(plan)} get ${String(plan.percent)} % of one core each. Pods that run are not slowed, but ` +
    'starting, stopping and probing them is, and a lease that is renewed too late makes the node NotReady.',
  leashes: (plan) => [{ on: { node: plan.node }, undo: undoScript(plan) }],
  inject: async ({ cluster, signal }, { node, percent, groups }) => {
    const quota = (percent / 100) * periodUs;
    const script = groups.map(({ folder, file, version }) =>
      setScript(folder, file, version === 1 ? String(quota) : `${String(quota)} ${String(periodUs)}`),
    );
    await cluster.node(node).exec(['sh', '-c', `set -e\n${script.join('')}`], { signal, timeoutMs: 10_000 });
  },
  proveActive: proveThrottled,
  heal: async ({ cluster, signal }, plan) => {
    await cluster.node(plan.node).exec(['sh', '-c', undoScript(plan)], { signal, timeoutMs: 15_000 });
  },
  proveGone: proveFree,
};

async function quotaOf(shell: Shell, service: string, signal: AbortSignal): Promise<Starved> {
  const group = await groupOfService(shell, service, 'cpu', signal);
  const file = group.version === 1 ? 'cpu.cfs_quota_us' : 'cpu.max';
  return { ...group, service, file, before: await readText(shell, `${group.folder}/${file}`, signal) };
}

const undoScript = ({ groups }: Plan): string =>
  groups.map(({ folder, file, before }) => setScript(folder, file, before)).join('');

/** How often the kernel made any of the groups wait, since they were made. */
async function throttled(shell: Shell, { groups }: Plan, signal: AbortSignal): Promise<number> {
  const counts = groups.map(async ({ folder }) =>
    statistic(await readText(shell, `${folder}/cpu.stat`, signal), 'nr_throttled'),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

async function proveThrottled({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
  const shell = cluster.node(plan.node);
  const { port, path } = kubeletHealth;
  const before = await throttled(shell, plan, signal);
  const options = { withinMs: 20_000, everyMs: 200, signal };
  return prove('fault-not-active', `the services of ${plan.node} to be made to wait`, options, async () => {
    const startMs = performance.now();
    const answer = await askLocal(shell, port, path, signal);
    const tookMs = Math.round(performance.now() - startMs);
    const periods = (await throttled(shell, plan, signal)) - before;
    const health = 'status' in answer ? `answers after ${String(tookMs)} ms` : 'gives no answer within 1 s';
    const saw = `the kernel made them wait in ${String(periods)} periods of 100 ms`;
    // A few may be left over from a limit of the node's own.
    return periods < 5 ? notYet(saw) : yes(`${saw}; the health port of the kubelet ${health}`);
  });
}

/** The quotas are as before, and the kernel makes nobody wait any more. */
async function proveFree(context: FaultContext, plan: Plan): Promise<string> {
  const { cluster, signal } = context;
  const shell = cluster.node(plan.node);
  let last = -1;
  const options = { withinMs: 30_000, everyMs: 500, signal };
  await prove('fault-not-gone', `the services of ${plan.node} to run freely`, options, async () => {
    for (const { folder, file, before, service } of plan.groups) {
      const now = await readText(shell, `${folder}/${file}`, signal);
      if (now !== before) return notYet(`${file} of ${service} is ${now}, not ${before}`);
    }
    const count = await throttled(shell, plan, signal);
    const still = count === last;
    last = count;
    return still ? yes(undefined) : notYet(`${String(count)} periods in which they waited`);
  });
  return `the quotas of ${plan.node} are as before and its services wait no more; ${await proveNodeBack(context, plan.node)}`;
}
