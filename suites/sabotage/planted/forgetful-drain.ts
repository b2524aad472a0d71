import type { KubeObject } from '../../../harness/kube/index.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { withClient } from '../../../faults/shared/pods.ts';
import { bareFault } from '../../self/bare-fault.ts';

type Plan = { readonly node: string };

const key = 'sabotage/maintenance';

/** Plants what maintenance forgets: a node is cordoned and tainted, and whoever did it says that all is as before. */
export const forgetfulDrain = bareFault<Plan>({
  name: 'forgetful-drain',
  summary: 'Cordons and taints a node, and forgets both.',
  plan: ({ cluster }) => Promise.resolve({ node: cluster.facts.nodes.at(-1)?.name ?? '' }),
  targets: ({ node }) => [node],
  impact: ({ node }) => `${node} takes no new pods, for ever`,
  inject: (context, { node }) =>
    withClient(context, async (client) => {
      const contentType = 'application/strategic-merge-patch+json';
      const body = { spec: { unschedulable: true, taints: [{ key, effect: 'NoSchedule' }] } };
      await client.request(`/api/v1/nodes/${node}`, { method: 'PATCH', contentType, body, signal: context.signal });
    }),
  proveActive: (context, { node }) =>
    withClient(context, (client) =>
      eventually(`${node} to be tainted`, { withinMs: 5_000, signal: context.signal }, async () => {
        const { spec } = (await client.request(`/api/v1/nodes/${node}`, { signal: context.signal })) as KubeObject & {
          readonly spec?: { readonly taints?: readonly { readonly key: string }[] };
        };
        return spec?.taints?.some((taint) => taint.key === key) === true ? yes(`${node} has ${key}`) : notYet('none');
      }),
    ),
  proveGone: ({ cluster }, { node }) =>
    Promise.resolve(`somebody says that ${node} of ${cluster.facts.name} is as before`),
});
