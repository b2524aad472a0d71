import { z } from 'zod';

import { type KubeClient } from '../../harness/kube/index.ts';
import type { ClusterFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle, nodeChoice, readyNodes } from '../shared/choose-node.ts';
import { cordoned, evictable, proveCordoned, proveUncordoned, setCordon } from '../shared/cordon.ts';
import { requestEviction } from '../shared/eviction.ts';
import { ownersOf, proveReplaced, type Owner } from '../shared/owners.ts';
import { readParams } from '../shared/params.ts';
import { podName, podsInWords, targetOf, withClient, type PodTarget } from '../shared/pods.ts';

const name = 'drain';
const { zone, role } = nodeChoice;
const schema = z.strictObject({
  /** Exactly these nodes. */
  nodes: z.array(z.string().min(1)).min(1).optional(),
  zone,
  role,
  /** How many nodes at once, when none are named. */
  count: z.union([z.literal(1), z.literal(2)]).default(1),
  /** For how long evictions that a budget refuses are asked for again, in milliseconds. */
  patienceMs: z.int().min(0).max(600_000).default(20_000),
});
type Params = z.output<typeof schema>;

type Plan = {
  /** Only these are uncordoned: they were schedulable before. */
  readonly nodes: readonly string[];
  readonly pods: readonly PodTarget[];
  readonly owners: readonly Owner[];
  readonly patienceMs: number;
};

/** Cordons first, as kubectl does; a drain that a budget stops is no failure of the fault but its finding. */
export const drain: Fault<Params, Plan> = {
  name,
  summary: 'Cordons one node or two at once and evicts all their pods, as maintenance does.',
  needs: [],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: drainObstacle,
  plan,
  targets: ({ nodes }) => nodes,
  impact: ({ nodes, pods, patienceMs }) =>
    `${nodes.join(' and ')} ${nodes.length === 1 ? 'is' : 'are'} cordoned, and ${podsInWords(pods.length)} there evicted as budgets allow; ` +
    `what a budget refuses is asked for again for ${String(patienceMs / 1_000)} s. No request should fail.`,
  leashes: () => [],
  inject: async (context, drained) => {
    await withClient(context, async (client) => {
      await Promise.all(drained.nodes.map((node) => setCordon(client, node, true, context.signal)));
      await evictAll(context, client, drained);
    });
  },
  proveActive: async (context, { nodes, pods }) => {
    const cordon = await proveCordoned(context, nodes);
    const left = await withClient(context, async (client) => {
      const remaining = await evictable(client, nodes, context.signal);
      const asked = remaining.filter(({ terminating }) => !terminating);
      return Promise.all(
        asked.map(
          async (pod) =>
            `${podName(pod)} stays: ${(await requestEviction(client, pod, context.signal, { dryRun: true })).said}`,
        ),
      );
    });
    const stuck =
      left.length === 0
        ? 'drained'
        : `stuck with ${String(left.length)} of ${String(pods.length)} pods; ${left.join('; ')}`;
    return `${cordon}; ${stuck}`;
  },
  heal: async (context, { nodes }) => {
    await withClient(context, (client) =>
      Promise.all(nodes.map((node) => setCordon(client, node, false, context.signal))),
    );
  },
  proveGone: async (context, { nodes, owners }) =>
    `${await proveUncordoned(context, nodes)}; ${await proveReplaced(context, owners)}`,
};

function drainObstacle(facts: ClusterFacts, { nodes, zone: inZone, role: ofRole }: Params): string | null {
  if (nodes === undefined) return choiceObstacle(facts, { zone: inZone, role: ofRole });
  const missing = nodes.find((node) => !facts.nodes.some((each) => each.name === node));
  return missing === undefined ? null : `${facts.name} has no node named ${missing}.`;
}

async function plan(context: FaultContext, params: Params): Promise<Plan> {
  const { cluster, random, signal } = context;
  return withClient(context, async (client) => {
    const ready = await readyNodes(client, signal);
    const already = await cordoned(client, signal);
    const able = cluster.facts.nodes.filter(({ name: node }) => ready.has(node) && !already.has(node));
    const fitting = able.filter(
      ({ name: node, zone: inZone, role: ofRole }) =>
        params.nodes?.includes(node) ??
        (ofRole === params.role && (params.zone === undefined || inZone === params.zone)),
    );
    const wanted = params.nodes?.length ?? params.count;
    if (fitting.length < wanted)
      throw new HarnessError(
        'refused',
        `${String(wanted)} Ready nodes without a cordon were asked for, and there are ${String(fitting.length)}`,
      );
    const chosen = random.fork('target').sample(fitting, wanted);
    const roles = new Set(chosen.map((node) => node.role));
    if (!able.some((node) => roles.has(node.role) && !chosen.includes(node)))
      throw new HarnessError('refused', `No other schedulable ${[...roles].join(' or ')} node would be left`);
    const nodes = chosen.map(({ name: node }) => node);
    const pods = await evictable(client, nodes, signal);
    const orphan = pods.find(({ ownerKind }) => ownerKind === '');
    if (orphan !== undefined)
      throw new HarnessError('refused', `${podName(orphan)} has no controller: nothing would replace it`);
    return { nodes, pods: pods.map(targetOf), owners: await ownersOf(context, pods), patienceMs: params.patienceMs };
  });
}

/** Evicts until nothing is left that can be, or patience is over: the proof tells which. */
async function evictAll(context: FaultContext, client: KubeClient, { nodes, patienceMs }: Plan): Promise<void> {
  const { signal } = context;
  const options = { withinMs: patienceMs, everyMs: 500, signal };
  await eventually('the nodes to be drained', options, async () => {
    const left = (await evictable(client, nodes, signal)).filter(({ terminating }) => !terminating);
    await Promise.all(left.map((pod) => requestEviction(client, pod, signal)));
    return left.length === 0 ? yes(undefined) : notYet(`${String(left.length)} pods are left`);
  }).catch((error: unknown) => {
    if (!(error instanceof HarnessError) || error.code !== 'timed-out') throw error;
  });
}
