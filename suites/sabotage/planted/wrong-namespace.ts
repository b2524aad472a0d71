import type { KubeClient, KubeObject } from '../../../harness/kube/index.ts';
import { notYet, yes } from '../../../harness/util/eventually.ts';
import { withClient } from '../../../faults/shared/pods.ts';
import { prove } from '../../../faults/shared/prove.ts';
import { bareFault } from '../../self/bare-fault.ts';

/** Whoever does it means the deployment of that name in the run's own namespace. */
const path = '/apis/apps/v1/namespaces/shakedown-neighbour/deployments/web';

type Plan = { readonly replicas: number };

interface Deployment extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

const read = async (client: KubeClient, signal: AbortSignal): Promise<Deployment> =>
  (await client.request(path, { signal })) as Deployment;

async function scale(client: KubeClient, replicas: number, signal: AbortSignal): Promise<void> {
  const contentType = 'application/merge-patch+json';
  await client.request(path, { method: 'PATCH', contentType, body: { spec: { replicas } }, signal });
}

/** Plants an effect in another namespace than the fault's: it says `shakedown`, and scales down what is the neighbour's. */
export const wrongNamespace = bareFault<Plan>({
  name: 'wrong-namespace',
  summary: "Scales the neighbour's service to nothing, and believes it to be its own.",
  plan: (context) =>
    withClient(context, async (client) => {
      const { spec } = await read(client, context.signal);
      return { replicas: spec?.replicas ?? 1 };
    }),
  targets: () => ['namespace shakedown'],
  impact: () => 'the service of another namespace has no pod',
  inject: (context) => withClient(context, (client) => scale(client, 0, context.signal)),
  proveActive: (context) =>
    withClient(context, (client) =>
      prove(
        'fault-not-active',
        'the neighbour to have no pod',
        { withinMs: 10_000, signal: context.signal },
        async () => {
          const { replicas = 0 } = (await read(client, context.signal)).status ?? {};
          return replicas === 0 ? yes('the neighbour has no pod') : notYet(`it has ${String(replicas)}`);
        },
      ),
    ),
  heal: (context, { replicas }) => withClient(context, (client) => scale(client, replicas, context.signal)),
  proveGone: (context, { replicas }) =>
    withClient(context, (client) =>
      prove(
        'fault-not-gone',
        'the neighbour to have its pods',
        { withinMs: 30_000, signal: context.signal },
        async () => {
          const { replicas: there = 0 } = (await read(client, context.signal)).status ?? {};
          return there >= replicas ? yes(`the neighbour has ${String(there)} pods`) : notYet(`it has ${String(there)}`);
        },
      ),
    ),
});
