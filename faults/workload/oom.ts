import { z } from 'zod';

import { type KubeList } from '../../harness/kube/index.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { containedProcesses } from '../shared/container-processes.ts';
import { eatScript, eatersScript, endEatersScript } from '../shared/memory-eater.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { ownersOf, proveReplaced, type Owner } from '../shared/owners.ts';
import { readParams } from '../shared/params.ts';
import { choosePods, podAmount, podChoice, podName, podObstacle, withClient, type PodTarget } from '../shared/pods.ts';
import { prove } from '../shared/prove.ts';

const name = 'oom';
const schema = z.strictObject({ ...podChoice, ...podAmount });
type Params = z.output<typeof schema>;

type Victim = { readonly pod: PodTarget; readonly container: string; readonly id: string; readonly restarts: number };
type Plan = { readonly victims: readonly Victim[]; readonly owners: readonly Owner[] };

/**
 * A process of the node eats memory on the container's account. It is the last that the kernel would kill, so that the
 * container's own process goes first, as if it had eaten the memory itself.
 */
export const oom: Fault<Params, Plan> = {
  name,
  summary: "Fills a container's memory limit from within its control group, until the kernel kills it.",
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? podObstacle(facts, params),
  plan,
  targets: ({ victims }) => victims.map(({ pod }) => podName(pod)),
  impact: ({ victims }) =>
    `The memory limit of ${victims.map(({ pod, container }) => `${container} in ${pod.name}`).join(', ')} is reached: the kernel kills its ` +
    'process, its connections break, and the kubelet starts the container again with the reason OOMKilled.',
  leashes: ({ victims }, mark) =>
    [...new Set(victims.map(({ pod }) => pod.node))].map((node) => ({ on: { node }, undo: endEatersScript(mark) })),
  inject: async ({ cluster, signal, mark }, { victims }) => {
    await Promise.all(
      victims.map(({ pod, id }) =>
        cluster.node(pod.node).exec(['sh', '-c', eatScript(id, mark)], { signal, timeoutMs: 15_000 }),
      ),
    );
  },
  proveActive: async (context, { victims }) =>
    (await Promise.all(victims.map((victim) => proveKilled(context, victim)))).join('; '),
  heal: async ({ cluster, signal, mark }, { victims }) => {
    await Promise.all(
      victims.map(({ pod }) =>
        cluster.node(pod.node).exec(['sh', '-c', endEatersScript(mark)], { signal, timeoutMs: 15_000 }),
      ),
    );
  },
  proveGone: async (context, { victims, owners }) => {
    const { cluster, signal, mark } = context;
    const options = { withinMs: 15_000, everyMs: 200, signal };
    await prove('fault-not-gone', 'no eater to be left', options, async () => {
      const counts = victims.map(async ({ pod }) => {
        const { stdout } = await cluster
          .node(pod.node)
          .exec(['sh', '-c', eatersScript(mark)], { signal, timeoutMs: 15_000 });
        return Number(stdout.trim());
      });
      const left = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      return left === 0 ? yes(undefined) : notYet(`${String(left)} eaters run`);
    });
    return `no eater is left; ${await proveReplaced(context, owners)}`;
  },
};

async function plan(context: FaultContext, params: Params): Promise<Plan> {
  const pods = await choosePods(context, params);
  const limited = await limitedContainers(context, params.namespace);
  const victims = pods.map((pod): Victim => {
    const found = pod.containers.find((each) => each.id !== '' && limited.has(`${pod.name}/${each.name}`));
    if (found === undefined)
      throw new HarnessError(
        'refused',
        `${podName(pod)} has no container with a memory limit: the whole node would be filled`,
      );
    return { pod, container: found.name, id: found.id, restarts: found.restarts };
  });
  return { victims, owners: await ownersOf(context, pods) };
}

async function limitedContainers(context: FaultContext, namespace: string): Promise<ReadonlySet<string>> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const { items } = (await withClient(context, (client) =>
    client.request(path, { signal: context.signal }),
  )) as KubeList;
  interface Spec {
    readonly containers: readonly {
      readonly name: string;
      readonly resources?: { readonly limits?: { readonly memory?: string } };
    }[];
  }
  return new Set(
    items.flatMap(({ metadata, ...pod }) =>
      (pod['spec'] as Spec).containers
        .filter(({ resources }) => resources?.limits?.memory !== undefined)
        .map((container) => `${metadata.name}/${container.name}`),
    ),
  );
}

interface Statuses {
  readonly containerStatuses?: readonly {
    readonly name: string;
    readonly restartCount: number;
    readonly state?: { readonly terminated?: Ended };
    readonly lastState?: { readonly terminated?: Ended };
  }[];
}
interface Ended {
  readonly reason?: string;
  readonly exitCode?: number;
  readonly containerID?: string;
}

/** The kubelet says of exactly this container that it was killed for want of memory; the kernel has no process of it. */
async function proveKilled(context: FaultContext, { pod, container, id }: Victim): Promise<string> {
  const { cluster, signal } = context;
  const options = { withinMs: 60_000, everyMs: 200, signal };
  return withClient(context, (client) =>
    prove('fault-not-active', `${container} of ${pod.name} to be killed for want of memory`, options, async () => {
      const { items } = (await client.request(`/api/v1/namespaces/${pod.namespace}/pods`, { signal })) as KubeList;
      const now = items.find(({ metadata }) => metadata.uid === pod.uid);
      if (now === undefined) return notYet('the pod is gone');
      const status = ((now['status'] ?? {}) as Statuses).containerStatuses?.find((each) => each.name === container);
      const ended = [status?.state?.terminated, status?.lastState?.terminated].find((each) =>
        each?.containerID?.endsWith(id),
      );
      if (ended === undefined) return notYet('it has not ended');
      if (ended.reason !== 'OOMKilled') return notYet(`it ended with ${ended.reason ?? 'no reason'}`);
      const left = await containedProcesses(cluster.node(pod.node), id, signal);
      if (left.length > 0) return notYet(`OOMKilled, but ${String(left.length)} processes run`);
      return yes(
        `${container} of ${pod.name} was OOMKilled (exit code ${String(ended.exitCode)}), restart ${String(status?.restartCount)}`,
      );
    }),
  );
}
