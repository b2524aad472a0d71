import type { KubeClient } from '../../harness/kube/index.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { listPods, withClient, type PodTarget } from './pods.ts';
import { prove } from './prove.ts';

/** The controller of pods, and how many of its pods were Ready when the fault was planned. */
export type Owner = {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly ready: number;
};

async function readyOf(client: KubeClient, { namespace, kind, name }: Owner, signal: AbortSignal): Promise<number> {
  const pods = await listPods(client, namespace, signal);
  const own = pods.filter(({ ownerKind, ownerName }) => ownerKind === kind && ownerName === name);
  return own.filter(({ ready, terminating }) => ready && !terminating).length;
}

/** The controllers of those pods. */
export async function ownersOf(context: FaultContext, pods: readonly PodTarget[]): Promise<readonly Owner[]> {
  const seen = new Map(
    pods.map(({ namespace, ownerKind: kind, ownerName: name }) => [
      `${namespace}/${kind}/${name}`,
      { namespace, kind, name, ready: 0 },
    ]),
  );
  return withClient(context, (client) =>
    Promise.all(
      [...seen.values()].map(async (owner) => ({ ...owner, ready: await readyOf(client, owner, context.signal) })),
    ),
  );
}

/** Every controller has as many Ready pods as it had. @throws HarnessError `fault-not-gone` */
export async function proveReplaced(context: FaultContext, owners: readonly Owner[]): Promise<string> {
  const options = { withinMs: 120_000, everyMs: 300, signal: context.signal };
  return withClient(context, (client) =>
    prove('fault-not-gone', 'the pods to be replaced', options, async () => {
      const now = await Promise.all(
        owners.map(async (owner) => ({ ...owner, now: await readyOf(client, owner, context.signal) })),
      );
      const words = now
        .map(
          ({ kind, name, now: count, ready }) => `${kind} ${name} has ${String(count)} of ${String(ready)} pods Ready`,
        )
        .join(', ');
      return now.every(({ now: count, ready }) => count >= ready) ? yes(words) : notYet(words);
    }),
  );
}
