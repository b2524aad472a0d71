import { z } from 'zod';

import { connect } from '../../harness/kube/index.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle, nodeChoice } from '../shared/choose-node.ts';
import { buildForNodes } from '../shared/node-program.ts';
import { nameWithZone, planNode, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { processesOf } from '../shared/processes.ts';
import { prove } from '../shared/prove.ts';
import { notReadyBecause, relistWaits } from '../shared/relist-state.ts';
import { heldCalls, interpose, proxyProgram, refuseOtherSockets, withdrawScript } from '../shared/runtime-proxy.ts';
import { proveRuntimeBack } from '../shared/runtime-target.ts';
import { askRuntime, containersOf, identityOf, survivors, tellSurvivors } from '../shared/runtime.ts';

const name = 'pleg-stall';
/** After how long without a relist a kubelet calls itself unhealthy: a constant of pkg/kubelet/kubelet.go. */
const thresholdMs = 180_000;

const schema = z.strictObject({
  ...nodeChoice,
  /** What counts as felt: that the relist waits (after seconds), or that the node says so itself (after three minutes). */
  until: z.enum(['stalled', 'not-ready']).default('stalled'),
});
type Params = z.output<typeof schema>;

type Plan = NodePlan & {
  readonly until: Params['until'];
  readonly kubelet: { readonly pid: number; readonly startedAt: number };
  readonly containers: readonly string[];
};

/** A proxy takes the place of the runtime's socket and the kubelet's connections are moved to it; nothing is restarted. */
export const plegStall: Fault<Params, Plan> = {
  name,
  summary: "Holds back the kubelet's lists of containers and nothing else: after three minutes PLEG is not healthy.",
  needs: ['node-shell'],
  minimumHoldMs: 10_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: planStall,
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The kubelet of ${nameWithZone(plan)} gets no answer to ListPodSandbox and ListContainers; every other call of the runtime is answered. ` +
    `Its ${String(plan.containers.length)} containers go on serving, changes of pods make no progress there, and after ` +
    `${String(thresholdMs / 1_000)} s the node becomes NotReady with "PLEG is not healthy".`,
  leashes: ({ node }, mark) => [{ on: { node }, undo: withdrawScript(mark) }],
  inject: async ({ cluster, signal, mark }, { node, kubelet }) => {
    const program = await buildForNodes(cluster, proxyProgram, signal);
    await interpose(cluster.node(node), program, kubelet.pid, mark, signal);
  },
  proveActive: async (context, plan) => {
    const stalled = await proveStalled(context, plan);
    return plan.until === 'stalled' ? stalled : `${stalled}; ${await proveNotReady(context, plan)}`;
  },
  heal: async ({ cluster, signal, mark }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', withdrawScript(mark)], { signal, timeoutMs: 15_000 });
  },
  proveGone: proveRelisting,
};

/** Builds the proxy too, which takes minutes where nothing is cached and must not eat up the hold time. */
async function planStall(context: FaultContext, params: Params): Promise<Plan> {
  const { cluster, signal } = context;
  const { until, ...choice } = params;
  const target = await planNode(context, choice);
  const shell = cluster.node(target.node);
  await refuseOtherSockets(shell, signal);
  const [kubelet, ...others] = await processesOf(shell, 'kubelet', signal);
  if (kubelet === undefined || others.length > 0)
    throw new HarnessError('refused', `${target.node} does not run exactly one kubelet`);
  await buildForNodes(cluster, proxyProgram, signal);
  const containers = (await containersOf(shell, signal)).map(identityOf);
  return { ...target, until, kubelet: { pid: kubelet.pid, startedAt: kubelet.startedAt }, containers };
}

/**
 * By three witnesses: the proxy counts calls that wait, the kubelet's stacks show its relist inside one of them, look after
 * look, and the runtime answers others.
 */
async function proveStalled({ cluster, signal, mark }: FaultContext, plan: Plan): Promise<string> {
  const { node, containers } = plan;
  const shell = cluster.node(node);
  const client = connect(cluster.kubeconfig);
  const options = { withinMs: 30_000, everyMs: 500, stable: 3, signal };
  try {
    return await prove('fault-not-active', `the relist of ${node} to stall`, options, async () => {
      const held = await heldCalls(shell, mark, signal);
      if (held === null || held === 0) return notYet(held === null ? 'no proxy answers' : 'the proxy holds no call');
      if (!(await relistWaits(client, node, signal))) return notYet('the stacks of its kubelet show no waiting relist');
      const answer = await askRuntime(shell, signal);
      if (answer !== 'answers') return notYet(`the runtime is ${answer} to others too`);
      const running = await containersOf(shell, signal);
      if (containers.length > 0 && survivors(containers, running).length === 0) return notYet('no container goes on');
      return yes(
        `${String(held)} list calls of ${node} wait and its kubelet's stacks show the relist inside one, while the runtime ` +
          `answers others and ${tellSurvivors(containers, running)}`,
      );
    });
  } finally {
    client.close();
  }
}

async function proveNotReady({ cluster, signal }: FaultContext, { node, containers }: Plan): Promise<string> {
  const client = connect(cluster.kubeconfig);
  const options = { withinMs: thresholdMs + 60_000, everyMs: 1_000, signal };
  try {
    return await prove('fault-not-active', `${node} to say that PLEG is not healthy`, options, async () => {
      const because = await notReadyBecause(client, node, signal);
      if (!because.includes('PLEG is not healthy')) return notYet(because === '' ? 'it is Ready' : because);
      const running = await containersOf(cluster.node(node), signal);
      return yes(`${node} is NotReady because ${because}, while ${tellSurvivors(containers, running)}`);
    });
  } finally {
    client.close();
  }
}

/** The relist is somewhere else when we look, the kubelet is the same process, and the node is Ready. */
async function proveRelisting(context: FaultContext, plan: Plan): Promise<string> {
  const { cluster, signal, mark } = context;
  const { node, kubelet } = plan;
  const shell = cluster.node(node);
  const client = connect(cluster.kubeconfig);
  const options = { withinMs: 60_000, everyMs: 300, signal };
  try {
    await prove('fault-not-gone', `the relist of ${node} to go on`, options, async () => {
      const left = await processesOf(shell, proxyProgram.name, signal);
      if (left.length > 0 || (await heldCalls(shell, mark, signal)) !== null) return notYet('the proxy still runs');
      return (await relistWaits(client, node, signal)) ? notYet('its relist still waits') : yes(undefined);
    });
  } finally {
    client.close();
  }
  const back = await proveRuntimeBack(context, node);
  const [now] = await processesOf(shell, 'kubelet', signal);
  const same = now?.startedAt === kubelet.startedAt ? 'never restarted' : 'was restarted meanwhile';
  return `the relist of ${node} goes on and its kubelet ${same}; ${back}`;
}
