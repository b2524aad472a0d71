import { z } from 'zod';

import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { containedProcesses, signalContainedScript } from '../shared/container-processes.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { ownersOf, proveReplaced, type Owner } from '../shared/owners.ts';
import { readParams } from '../shared/params.ts';
import {
  choosePods,
  listPods,
  podAmount,
  podChoice,
  podName,
  podObstacle,
  withClient,
  type Pod,
  type PodTarget,
} from '../shared/pods.ts';
import { prove } from '../shared/prove.ts';

const name = 'container-kill';
const schema = z.strictObject({
  ...podChoice,
  ...podAmount,
  /** The first container of the pod when none is named. */
  container: z.string().min(1).optional(),
  how: z.enum(['kill', 'pause']).default('kill'),
});
type Params = z.output<typeof schema>;

type Victim = { readonly pod: PodTarget; readonly container: string; readonly id: string; readonly restarts: number };
type Plan = { readonly how: Params['how']; readonly victims: readonly Victim[]; readonly owners: readonly Owner[] };

/** The processes are found by the container's control group, so that no tool of the runtime is needed. */
export const containerKill: Fault<Params, Plan> = {
  name,
  summary: 'Kills (SIGKILL) or stops (SIGSTOP) the processes of a container; the pod stays.',
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? podObstacle(facts, params),
  plan: async (context, params) => {
    const pods = await choosePods(context, params);
    const victims = pods.map((pod) => victimOf(pod, params.container));
    return { how: params.how, victims, owners: await ownersOf(context, pods) };
  },
  targets: ({ victims }) => victims.map(({ pod }) => podName(pod)),
  impact: ({ how, victims }) => {
    const which = victims.map(({ pod, container }) => `${container} of ${pod.name}`).join(', ');
    return how === 'kill'
      ? `The processes of ${which} are killed: its connections break, and the kubelet starts it again at once, then with growing delays.`
      : `The processes of ${which} are stopped: requests to them wait until their readiness probe fails and the endpoint is withdrawn.`;
  },
  leashes: ({ victims }) =>
    victims.map(({ pod, id }) => ({ on: { node: pod.node }, undo: signalContainedScript(id, 'CONT') })),
  inject: async ({ cluster, signal }, { how, victims }) => {
    const word = how === 'kill' ? 'KILL' : 'STOP';
    await Promise.all(victims.map((victim) => send(cluster.node(victim.pod.node), victim, word, signal)));
  },
  proveActive: async (context, { how, victims }) => {
    const prover = how === 'kill' ? proveKilled : proveStopped;
    return (await Promise.all(victims.map((victim) => prover(context, victim)))).join('; ');
  },
  heal: async ({ cluster, signal }, { victims }) => {
    await Promise.all(victims.map((victim) => send(cluster.node(victim.pod.node), victim, 'CONT', signal)));
  },
  proveGone: async (context, { victims, owners }) => {
    const { cluster, signal } = context;
    const options = { withinMs: 30_000, everyMs: 200, signal };
    await prove('fault-not-gone', 'no process to be stopped', options, async () => {
      const states = victims.map(({ pod, id }) => containedProcesses(cluster.node(pod.node), id, signal));
      const stopped = (await Promise.all(states)).flat().filter(({ state }) => state === 'T');
      return stopped.length === 0 ? yes(undefined) : notYet(`${String(stopped.length)} processes are in state T`);
    });
    return `no process is stopped; ${await proveReplaced(context, owners)}`;
  },
};

function victimOf(pod: PodTarget, container: string | undefined): Victim {
  const found = pod.containers.find((each) => container === undefined || each.name === container);
  if (found === undefined || found.id === '') {
    const names = pod.containers.map((each) => each.name).join(', ') || 'none';
    throw new HarnessError(
      'refused',
      `${podName(pod)} runs no container named ${container ?? 'at all'}, it has: ${names}`,
    );
  }
  return { pod, container: found.name, id: found.id, restarts: found.restarts };
}

async function send(shell: Shell, { id }: Victim, word: 'KILL' | 'STOP' | 'CONT', signal: AbortSignal): Promise<void> {
  await shell.exec(['sh', '-c', signalContainedScript(id, word)], { signal, timeoutMs: 15_000 });
}

const nowOf = async (context: FaultContext, { pod }: Victim): Promise<Pod | undefined> =>
  withClient(context, async (client) =>
    (await listPods(client, pod.namespace, context.signal)).find(({ uid }) => uid === pod.uid),
  );

/**
 * The kernel has no process of the old container, and its kubelet has counted a restart, or says that the pod, which was Ready, is not:
 * one whose container was killed before is started again only after a pause of 10 s, 20 s and so on.
 */
async function proveKilled(context: FaultContext, victim: Victim): Promise<string> {
  const { cluster, signal } = context;
  const { pod, container, id, restarts } = victim;
  const options = { withinMs: 60_000, everyMs: 200, signal };
  return prove('fault-not-active', `its kubelet to tell that ${container} of ${pod.name} ended`, options, async () => {
    const left = await containedProcesses(cluster.node(pod.node), id, signal);
    if (left.length > 0) return notYet(`${String(left.length)} of its processes run`);
    const now = await nowOf(context, victim);
    const counted = now?.containers.find((each) => each.name === container)?.restarts;
    if (now === undefined || counted === undefined) return notYet('the pod is gone');
    const gone = `the processes of ${container} in ${pod.name} are gone`;
    if (counted > restarts) return yes(`${gone} and its restart count rose to ${String(counted)}`);
    return now.ready ? notYet(`${gone}, its restart count is ${String(counted)}`) : yes(`${gone} and it is not Ready`);
  });
}

async function proveStopped({ cluster, signal }: FaultContext, { pod, container, id }: Victim): Promise<string> {
  const options = { withinMs: 10_000, everyMs: 100, signal };
  return prove('fault-not-active', `${container} of ${pod.name} to be stopped`, options, async () => {
    const states = (await containedProcesses(cluster.node(pod.node), id, signal)).map(({ state }) => state);
    if (states.length === 0 || states.some((state) => state !== 'T'))
      return notYet(`its processes are in state ${states.join(', ') || 'none'}`);
    return yes(`all ${String(states.length)} processes of ${container} in ${pod.name} are in state T`);
  });
}
