import { z } from 'zod';

import { hasStatus } from '../../harness/kube/index.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { containedProcesses } from '../shared/container-processes.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { ownersOf, proveReplaced, type Owner } from '../shared/owners.ts';
import { readParams } from '../shared/params.ts';
import {
  choosePods,
  podAmount,
  podChoice,
  podName,
  podObstacle,
  podPath,
  podsInWords,
  withClient,
  type PodTarget,
} from '../shared/pods.ts';
import { prove } from '../shared/prove.ts';

const name = 'pod-kill';
const schema = z.strictObject({ ...podChoice, ...podAmount, how: z.enum(['force', 'delete']).default('force') });
type Params = z.output<typeof schema>;

type Plan = { readonly how: Params['how']; readonly pods: readonly PodTarget[]; readonly owners: readonly Owner[] };

/** The API is told; the proof is that the node's kernel no longer has a process of the pod. */
export const podKill: Fault<Params, Plan> = {
  name,
  summary: 'Deletes pods, by force without a goodbye or with their grace period.',
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? podObstacle(facts, params),
  plan: async (context, params) => {
    const pods = await choosePods(context, params);
    return { how: params.how, pods, owners: await ownersOf(context, pods) };
  },
  targets: ({ pods }) => pods.map(podName),
  impact: ({ how, pods, owners }) => {
    const ready = owners.reduce((sum, owner) => sum + owner.ready, 0);
    const left = `${String(ready - pods.length)} of ${String(ready)} Ready pods are left until they are replaced`;
    return how === 'force'
      ? `Deletes ${podsInWords(pods.length)} without a grace period: requests under way there break off, and new ones fail until the endpoint is withdrawn. ${left}.`
      : `Tells ${podsInWords(pods.length)} to end within the grace period; a well-made one loses no request. ${left}.`;
  },
  // The API alone is told, and nothing is left on a node: what a leash would undo is not there.
  leashes: () => [],
  inject: async (context, { how, pods }) => {
    await withClient(context, async (client) => {
      const kills = pods.map(async (pod) => {
        const body = { ...(how === 'force' ? { gracePeriodSeconds: 0 } : {}), preconditions: { uid: pod.uid } };
        await client.request(podPath(pod), { method: 'DELETE', body, signal: context.signal, timeoutMs: 10_000 });
      });
      await Promise.all(kills);
    });
  },
  proveActive: async (context, { pods }) => {
    const gone = await Promise.all(pods.map((pod) => proveEnded(context, pod)));
    return gone.join('; ');
  },
  // The controllers replace what is gone.
  heal: () => Promise.resolve(),
  proveGone: async (context, { owners }) => proveReplaced(context, owners),
};

async function proveEnded(context: FaultContext, pod: PodTarget): Promise<string> {
  const { cluster, signal } = context;
  const options = { withinMs: 60_000, everyMs: 100, signal };
  return withClient(context, (client) =>
    prove('fault-not-active', `${podName(pod)} to end on ${pod.node}`, options, async () => {
      const processes = await containedProcesses(cluster.node(pod.node), pod.uid, signal);
      if (processes.length > 0) return notYet(`${String(processes.length)} processes of it still run`);
      try {
        const found = (await client.request(podPath(pod), { signal, timeoutMs: 5_000 })) as {
          readonly metadata: { readonly uid: string; readonly deletionTimestamp?: string };
        };
        const same = found.metadata.uid === pod.uid && found.metadata.deletionTimestamp === undefined;
        if (same) return notYet('it has no process, but the API was not told to delete it');
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
      return yes(`no process of ${podName(pod)} is left on ${pod.node}`);
    }),
  );
}
