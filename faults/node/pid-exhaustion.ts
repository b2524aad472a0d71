import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { groupOfNode, readText, setScript } from '../shared/cgroup.ts';
import { choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, planNode, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { quoted } from '../../harness/util/shell-words.ts';

const name = 'pid-exhaustion';

const schema = z.strictObject({
  ...nodeChoice,
  /** How many processes and threads may still be started. */
  spare: z.number().int().min(0).max(1_000).default(2),
});
type Params = z.output<typeof schema>;

type Plan = NodePlan & { readonly folder: string; readonly before: string; readonly spare: number };

/** Threads count as processes do, so a Go program that needs one more dies: the kubelet and the runtime may. */
export const pidExhaustion: Fault<Params, Plan> = {
  name,
  summary: 'Lets a node start no more processes or threads, by the limit of its control group.',
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, { spare, ...choice }) => {
    const target = await planNode(context, choice);
    const shell = context.cluster.node(target.node);
    const { folder } = await groupOfNode(shell, 'pids', context.signal);
    const before = await readText(shell, `${folder}/pids.max`, context.signal);
    if (before !== 'max') throw new HarnessError('refused', `${target.node} is limited to ${before} processes already`);
    return { ...target, folder, before, spare };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `${nameWithZone(plan)} may start ${String(plan.spare)} more processes or threads, its pods included. What runs goes on, but exec probes fail, no ` +
    'container starts, and a kubelet, runtime or kube-proxy that needs one more thread ends and is not started again until the heal.',
  leashes: ({ node, folder, before }) => [{ on: { node }, undo: setScript(folder, 'pids.max', before) }],
  inject: async ({ cluster, signal }, { node, folder, spare }) => {
    const script = `echo $(( $(cat ${quoted(`${folder}/pids.current`)}) + ${String(spare)} )) > ${quoted(`${folder}/pids.max`)}`;
    await cluster.node(node).exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  },
  proveActive: proveExhausted,
  heal: async ({ cluster, signal }, { node, folder, before }) => {
    const script = setScript(folder, 'pids.max', before);
    await cluster.node(node).exec(['sh', '-c', script], { signal, timeoutMs: 15_000 });
  },
  proveGone: async (context, plan) => {
    const { cluster, signal } = context;
    const shell = cluster.node(plan.node);
    const options = { withinMs: 30_000, everyMs: 300, signal };
    await prove('fault-not-gone', `${plan.node} to start processes`, options, async () => {
      const max = await readText(shell, `${plan.folder}/pids.max`, signal);
      if (max !== plan.before) return notYet(`its limit is ${max}`);
      const { exitCode } = await tryToStart(context, plan);
      return exitCode === 0 ? yes(undefined) : notYet('it starts none');
    });
    return `${plan.node} starts processes again; ${await proveNodeBack(context, plan.node)}`;
  },
};

async function proveExhausted(context: FaultContext, plan: Plan): Promise<string> {
  const { cluster, signal } = context;
  const shell = cluster.node(plan.node);
  const options = { withinMs: 10_000, everyMs: 200, signal };
  return prove('fault-not-active', `${plan.node} to start no more processes`, options, async () => {
    const { exitCode, stderr } = await tryToStart(context, plan);
    const current = await readText(shell, `${plan.folder}/pids.current`, signal);
    const max = await readText(shell, `${plan.folder}/pids.max`, signal);
    const saw = `${current} of ${max} processes and threads`;
    if (exitCode === 0) return notYet(`a shell in its group still starts processes (${saw})`);
    return yes(
      `a shell in the group of ${plan.node} is refused one (${stderr.trim().split('\n').at(-1) ?? ''}), at ${saw}`,
    );
  });
}

/** A shell in a group below the node's starts one process more than the spare ones, and takes its group away again. */
async function tryToStart(
  { cluster, signal, mark }: FaultContext,
  { node, folder, spare }: Plan,
): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  const group = `${folder}/shakedown_${mark}`;
  const inside =
    'echo $$ > "$1/cgroup.procs" || exit 9; n=0; while [ $n -le "$2" ]; do sleep 0.2 & n=$((n + 1)); done; wait';
  const script = `mkdir -p "$1" || exit 9
sh -c ${quoted(inside)} inside "$1" ${String(spare)}; code=$?
tries=0; until rmdir "$1" 2> /dev/null || [ $tries -ge 30 ]; do tries=$((tries + 1)); sleep 0.1; done
exit $code`;
  const options = { signal, timeoutMs: 15_000, allowFailure: true };
  return cluster.node(node).exec(['sh', '-c', script, 'start', group], options);
}
