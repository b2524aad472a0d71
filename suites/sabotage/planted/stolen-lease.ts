import type { KubeClient, KubeObject } from '../../../harness/kube/index.ts';
import { notYet, yes } from '../../../harness/util/eventually.ts';
import { withClient } from '../../../faults/shared/pods.ts';
import { prove } from '../../../faults/shared/prove.ts';
import { bareFault } from '../../self/bare-fault.ts';

const path = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler';
const thief = 'sabotage';

interface Spec {
  readonly holderIdentity?: string;
  readonly leaseTransitions?: number;
}

const specOf = async (client: KubeClient, signal: AbortSignal): Promise<Spec> =>
  ((await client.request(path, { signal })) as KubeObject & { readonly spec?: Spec }).spec ?? {};

/** The API takes times of a lease with six digits after the second. */
const now = (): string => new Date().toISOString().replace('Z', '000Z');

async function write(client: KubeClient, spec: object, signal: AbortSignal): Promise<void> {
  const contentType = 'application/merge-patch+json';
  const body = { spec: { ...spec, acquireTime: now(), renewTime: now() } };
  await client.request(path, { method: 'PATCH', contentType, body, signal });
}

/**
 * Plants an overlap: somebody takes the scheduler's lease while its holder renews it. The scheduler goes on as the leader for
 * its renew deadline of 10 s; held for less, it takes the lease back and does not even end.
 */
export const stolenLease = bareFault<null>({
  name: 'stolen-lease',
  summary: "Takes the scheduler's lease of leader election while its holder renews it.",
  plan: () => Promise.resolve(null),
  targets: () => ['lease kube-scheduler'],
  impact: () => 'two hold themselves for the leader of the schedulers',
  inject: (context) =>
    withClient(context, async (client) => {
      const { leaseTransitions = 0 } = await specOf(client, context.signal);
      await write(client, { holderIdentity: thief, leaseTransitions: leaseTransitions + 1 }, context.signal);
    }),
  proveActive: (context) =>
    withClient(context, (client) =>
      prove(
        'fault-not-active',
        `the lease to be of ${thief}`,
        { withinMs: 5_000, signal: context.signal },
        async () => {
          const { holderIdentity = '' } = await specOf(client, context.signal);
          return holderIdentity === thief ? yes(`the lease names ${thief}`) : notYet(`it names ${holderIdentity}`);
        },
      ),
    ),
  heal: (context) =>
    withClient(context, async (client) => {
      const { holderIdentity } = await specOf(client, context.signal);
      // As a leader gives it back that ends in good order.
      if (holderIdentity === thief)
        await write(client, { holderIdentity: '', leaseDurationSeconds: 1 }, context.signal);
    }),
  proveGone: (context) =>
    withClient(context, (client) =>
      prove(
        'fault-not-gone',
        'a scheduler to hold the lease',
        { withinMs: 30_000, signal: context.signal },
        async () => {
          const { holderIdentity = '' } = await specOf(client, context.signal);
          const back = holderIdentity !== '' && holderIdentity !== thief;
          return back ? yes(`the lease names ${holderIdentity}`) : notYet(`it names ${holderIdentity || 'nobody'}`);
        },
      ),
    ),
});
