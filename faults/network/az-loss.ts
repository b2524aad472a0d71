import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import type { NodePlan } from '../shared/node-target.ts';
import { powerObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { proveSilent } from '../shared/prove-silent.ts';
import { chooseZone, zoneObstacle } from '../shared/zone-target.ts';

const name = 'az-loss';
const schema = z.strictObject({
  zone: z.string().min(1).optional(),
  /** `power`: every machine is off. `link`: all go on running and reach nobody, not even each other. */
  how: z.enum(['power', 'link']).default('power'),
  allowQuorumLoss: z.boolean().default(false),
});
type Params = z.output<typeof schema>;

type Plan = {
  readonly zone: string;
  readonly how: Params['how'];
  readonly quorum: string;
  readonly nodes: readonly (NodePlan & { readonly restoreScript: string })[];
};

/** Links go first: a machine without power sends no goodbye. */
export const azLoss: Fault<Params, Plan> = {
  name,
  summary: 'Takes all nodes of a zone at once: their power, or their network links.',
  needs: ['power', 'node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, { zone }) => powerObstacle(facts) ?? zoneObstacle(facts, zone),
  plan,
  targets: ({ nodes }) => nodes.map(({ node }) => node),
  impact: ({ zone, how, nodes, quorum }) =>
    `All of ${zone} (${nodes.map(({ node }) => node).join(', ')}) loses its ${how === 'power' ? 'power' : 'network links'}. Requests ` +
    'that reach its pods get no answer until its nodes are NotReady, after the grace period of the node monitor, and their ' +
    `endpoints are withdrawn.${quorum === '' ? '' : ` ${quorum}.`}`,
  leashes: ({ nodes }) => nodes.map(({ restoreScript }) => ({ on: 'host', undo: restoreScript })),
  inject: async ({ cluster }, { nodes, how }) => {
    await Promise.all(nodes.map(({ node }) => cluster.power(node).cutLink()));
    if (how === 'power') await Promise.all(nodes.map(({ node }) => cluster.power(node).off()));
  },
  proveActive: async (context, { nodes }) =>
    (await Promise.all(nodes.map((node) => proveSilent(context, node)))).join('; '),
  heal: async ({ cluster }, { nodes }) => {
    const restored = nodes.map(async ({ node }) => {
      await cluster.power(node).restoreLink();
      await cluster.power(node).on();
    });
    await Promise.all(restored);
  },
  proveGone: async (context, { nodes }) =>
    (await Promise.all(nodes.map(({ node }) => proveNodeBack(context, node)))).join('; '),
};

async function plan(context: FaultContext, { zone: wanted, how, allowQuorumLoss }: Params): Promise<Plan> {
  const { zone, inside, outside, quorum } = await chooseZone(context, { zone: wanted, allowQuorumLoss });
  const [witness, control = witness] = context.random.fork('witness').sample(outside, Math.min(2, outside.length));
  if (witness === undefined || control === undefined) throw new HarnessError('bug', 'no node is outside the zone');
  const nodes = inside.map(({ name: node, address }) => ({
    node,
    address,
    zone,
    witness: witness.name,
    control: { node: control.name, address: control.address },
    restoreScript: context.cluster.power(node).restoreScript,
  }));
  return { zone, how, quorum, nodes };
}
