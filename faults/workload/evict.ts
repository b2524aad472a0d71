import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { requestEviction, type EvictionAnswer } from '../shared/eviction.ts';
import { ownersOf, proveReplaced, type Owner } from '../shared/owners.ts';
import { readParams } from '../shared/params.ts';
import {
  choosePods,
  listPods,
  podAmount,
  podChoice,
  podName,
  podObstacle,
  podsInWords,
  withClient,
  type PodTarget,
} from '../shared/pods.ts';
import { prove } from '../shared/prove.ts';

const name = 'evict';
const schema = z.strictObject({ ...podChoice, ...podAmount });
type Params = z.output<typeof schema>;

type Plan = { readonly pods: readonly PodTarget[]; readonly owners: readonly Owner[] };

/** What the API answered to the evictions of a plan; the proof is asked for in the process that injected. */
const answers = new WeakMap<Plan, readonly EvictionAnswer[]>();

/** A voluntary disruption: the budget is asked, and a refusal of it is what the fault is there to find. */
export const evict: Fault<Params, Plan> = {
  name,
  summary: 'Evicts pods through the Eviction API, all at once; disruption budgets are respected.',
  needs: [],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: podObstacle,
  plan: async (context, params) => {
    const pods = await choosePods(context, params);
    return { pods, owners: await ownersOf(context, pods) };
  },
  targets: ({ pods }) => pods.map(podName),
  impact: ({ pods, owners }) => {
    const ready = owners.reduce((sum, owner) => sum + owner.ready, 0);
    return (
      `Asks for the eviction of ${String(pods.length)} of ${podsInWords(ready)} in one burst. As many as the disruption budget allows end within ` +
      'their grace period and are replaced; the other evictions are answered with 429.'
    );
  },
  leashes: () => [],
  inject: async (context, plan) => {
    const { signal } = context;
    const given = await withClient(context, (client) =>
      Promise.all(plan.pods.map((pod) => requestEviction(client, pod, signal))),
    );
    answers.set(plan, given);
  },
  proveActive: async (context, plan) => {
    const given = answers.get(plan);
    if (given === undefined) throw new HarnessError('fault-not-active', 'The API was never asked to evict a pod');
    const refused = given.filter(({ answer }) => answer === 'refused');
    const evicted = plan.pods.filter((_, index) => given[index]?.answer === 'evicted');
    if (refused.length + evicted.length === 0)
      throw new HarnessError('fault-not-active', 'Every pod that was to be evicted was gone before');
    const words = refused.length === 0 ? '' : `; refused: ${refused[0]?.said ?? ''}`;
    const ends = await proveLeaving(context, evicted);
    return `${String(evicted.length)} of ${String(plan.pods.length)} evicted (${ends}), ${String(refused.length)} refused${words}`;
  },
  // The controllers replace what is gone.
  heal: () => Promise.resolve(),
  proveGone: async (context, { owners }) => proveReplaced(context, owners),
};

/** Each is gone from the API or on its way out; the API says so of the pods themselves. */
async function proveLeaving(context: FaultContext, pods: readonly PodTarget[]): Promise<string> {
  const options = { withinMs: 30_000, everyMs: 200, signal: context.signal };
  const spaces = [...new Set(pods.map(({ namespace }) => namespace))];
  return withClient(context, (client) =>
    prove('fault-not-active', 'the evicted pods to leave', options, async () => {
      const now = (await Promise.all(spaces.map((space) => listPods(client, space, context.signal)))).flat();
      const still = pods.filter(({ uid }) => now.some((pod) => pod.uid === uid && !pod.terminating));
      if (still.length > 0) return notYet(`${still.map(podName).join(', ')} stays`);
      const ending = pods.filter(({ uid }) => now.some((pod) => pod.uid === uid)).length;
      return yes(`${String(pods.length - ending)} gone, ${String(ending)} terminating`);
    }),
  );
}
