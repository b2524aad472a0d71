import type { KubeClient } from '../../../harness/kube/index.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../../harness/model/fault.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { containedProcesses } from '../../../faults/shared/container-processes.ts';
import { setCordon } from '../../../faults/shared/cordon.ts';
import { listPods, withClient, type Pod } from '../../../faults/shared/pods.ts';
import { processesOf, resumeScript, signalProcess } from '../../../faults/shared/processes.ts';
import { proveRemoved, remove } from './removed.ts';
import { webImageOf } from './web-image.ts';
import { bareFault } from '../../self/bare-fault.ts';

type Plan = { readonly node: string };

const pods = '/api/v1/namespaces/shakedown/pods';
const sets = '/apis/apps/v1/namespaces/shakedown/statefulsets';
const name = 'twin';
const labels = { app: name };

/** A StatefulSet of one, which would rather be on that node but may be on any. */
const setOn = (node: string, image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, labels },
  spec: {
    replicas: 1,
    serviceName: name,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 1,
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                preference: {
                  matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }],
                },
              },
            ],
          },
        },
        containers: [{ name: 'web', image }],
      },
    },
  },
});

const running = async (client: KubeClient, signal: AbortSignal): Promise<readonly Pod[]> =>
  (await listPods(client, 'shakedown', signal, { labelSelector: `app=${name}` })).filter(
    ({ phase, terminating }) => phase === 'Running' && !terminating,
  );

/**
 * Plants two pods of one ordinal: while the kubelet of its node is frozen a pod is removed by force, so that nobody stops its
 * containers, and the StatefulSet starts the same ordinal again on another node.
 */
export function forcedTwin(): Fault<unknown, Plan> {
  // Known once it runs, and no more to the API when it is asked for.
  let old = '';
  return bareFault<Plan>({
    name: 'forced-twin',
    summary: 'Removes a pod of a StatefulSet by force while the kubelet of its node is frozen.',
    needs: ['node-shell'],
    plan: ({ cluster }) => {
      const worker = cluster.facts.nodes.find(({ role }) => role === 'worker');
      if (worker === undefined) throw new HarnessError('refused', 'there is no worker');
      return Promise.resolve({ node: worker.name });
    },
    targets: ({ node }) => [node],
    impact: ({ node }) => `twin-0 runs on ${node} and on another node at once`,
    leashes: ({ node }) => [{ on: { node }, undo: resumeScript('kubelet') }],
    inject: (context, { node }) =>
      withClient(context, async (client) => {
        const { cluster, signal } = context;
        const image = await webImageOf(client, signal);
        await client.request(sets, { method: 'POST', body: setOn(node, image), signal });
        old = await eventually(`${name}-0 to run on ${node}`, { withinMs: 30_000, signal }, async () => {
          const [pod] = await running(client, signal);
          return pod?.node === node ? yes(pod.uid) : notYet(`it is on ${pod?.node ?? 'no node'}`);
        });
        await setCordon(client, node, true, signal);
        await signalProcess(cluster.node(node), 'kubelet', 'STOP', signal);
        const query = { gracePeriodSeconds: '0' };
        await client.request(`${pods}/${name}-0`, { method: 'DELETE', query, signal });
      }),
    proveActive: (context, { node }) => proveTwins(context, node, old),
    heal: (context, { node }) =>
      withClient(context, async (client) => {
        const { cluster, signal } = context;
        await cluster.node(node).exec(['sh', '-c', resumeScript('kubelet')], { signal, timeoutMs: 15_000 });
        await setCordon(client, node, false, signal);
        await remove(client, `${sets}/${name}`, signal);
      }),
    proveGone: (context, { node }) =>
      withClient(context, async (client) => {
        const { cluster, signal } = context;
        const kubelets = await processesOf(cluster.node(node), 'kubelet', signal);
        if (kubelets.some(({ state }) => state === 'T'))
          throw new HarnessError('fault-not-gone', `the kubelet of ${node} is still frozen`);
        return await proveRemoved(client, [`${sets}/${name}`, `${pods}/${name}-0`], signal);
      }),
  });
}

/** The new pod is Running by the word of its kubelet, and the processes of the old one by the word of its node's kernel. */
async function proveTwins(context: FaultContext, node: string, old: string): Promise<string> {
  const { cluster, signal } = context;
  return await withClient(context, (client) =>
    eventually('both pods to run', { withinMs: 30_000, signal }, async () => {
      const [pod] = await running(client, signal);
      if (pod === undefined || pod.node === node) return notYet('the new pod does not run elsewhere');
      const left = (await containedProcesses(cluster.node(node), old, signal)).length;
      return left > 0
        ? yes(`${name}-0 runs on ${pod.node}, and ${String(left)} processes of the one before it on ${node}`)
        : notYet(`nothing of the old one runs on ${node}`);
    }),
  );
}
