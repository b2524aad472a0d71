import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { conntrackState, drainScript, fillScript, markedEntries } from '../shared/conntrack.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, nodeParams, planNode, type NodeParams, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { kubeletPort, reach } from '../shared/reach.ts';

const name = 'conntrack-exhaustion';
/** Above this the entries would take more kernel memory than a test may (about 400 bytes each). */
const mostEntries = 1_048_576;

type Plan = NodePlan & { readonly max: number };

/** The limit belongs to the machine but the count to each network namespace, so no other node notices. */
export const conntrackExhaustion: Fault<NodeParams, Plan> = {
  name,
  summary: "Fills a node's table of tracked connections: new ones are dropped, established ones go on.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: async (context, params) => {
    const target = await planNode(context, params);
    const { max } = await conntrackState(context.cluster.node(target.node), context.signal);
    if (max > mostEntries) {
      throw new HarnessError(
        'refused',
        `${target.node} tracks up to ${String(max)} connections; filling more than ${String(mostEntries)} would take too much memory`,
      );
    }
    return { ...target, max };
  },
  targets: ({ node }) => [node],
  impact: (plan) =>
    `The table of tracked connections of ${nameWithZone(plan)} is filled to its ${String(plan.max)} entries: new connections to, from ` +
    'and through the node are dropped, and readiness probes of its pods fail within seconds; established connections go on, so ' +
    'the node stays Ready. The entries expire by themselves after ten minutes.',
  leashes: ({ node }) => [{ on: { node }, undo: drainScript }],
  inject: async ({ cluster, signal }, { node, max }) => {
    // That the table is full is how it ends, and conntrack calls that an error: the proof tells.
    const options = { signal, timeoutMs: 60_000, allowFailure: true };
    await cluster.node(node).exec(['sh', '-c', fillScript(max)], options);
  },
  proveActive: proveFull,
  heal: async ({ cluster, signal }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', drainScript], { signal, timeoutMs: 60_000 });
  },
  proveGone: async (context, plan) =>
    `${await proveDrained(context, plan)}; ${await proveNodeBack(context, plan.node)}`,
};

async function proveFull({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
  const shell = cluster.node(plan.node);
  const witness = cluster.node(plan.witness);
  const before = await conntrackState(shell, signal);
  const options = { withinMs: 20_000, everyMs: 200, signal };
  return prove('fault-not-active', `new connections to ${plan.node} to be dropped`, options, async () => {
    const [victim, other] = await Promise.all([
      reach(witness, plan.address, kubeletPort, signal),
      reach(witness, plan.control.address, kubeletPort, signal),
    ]);
    const { count, max, dropped } = await conntrackState(shell, signal);
    const drops = dropped - before.dropped;
    const saw = `${String(count)} of ${String(max)} entries, ${String(drops)} drops, port ${String(kubeletPort)} ${victim}`;
    if (other !== 'open') return notYet(`${plan.witness} does not reach ${plan.control.node} either (${other})`);
    if (victim !== 'silent' || drops <= 0 || count < max * 0.98) return notYet(saw);
    return yes(`${saw} to ${plan.witness}, which reaches ${plan.control.node}`);
  });
}

async function proveDrained({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
  const shell = cluster.node(plan.node);
  const witness = cluster.node(plan.witness);
  let dropped = -1;
  const options = { withinMs: 60_000, everyMs: 500, signal };
  return prove('fault-not-gone', `${plan.node} to take new connections`, options, async () => {
    const marked = await markedEntries(shell, signal);
    if (marked > 0) return notYet(`${String(marked)} of our entries are left`);
    const victim = await reach(witness, plan.address, kubeletPort, signal);
    const state = await conntrackState(shell, signal);
    const still = state.dropped === dropped;
    dropped = state.dropped;
    if (victim !== 'open' || !still)
      return notYet(`port ${String(kubeletPort)} is ${victim}, ${String(dropped)} drops`);
    return yes(
      `none of our entries is left, ${String(state.count)} of ${String(state.max)} are tracked, drops stand still`,
    );
  });
}
