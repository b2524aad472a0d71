import type { KubeObject } from '../../../harness/kube/index.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { readPod, withClient } from '../../../faults/shared/pods.ts';
import { proveRemoved, remove } from './removed.ts';
import { webImageOf } from './web-image.ts';
import { bareFault } from '../../self/bare-fault.ts';

const pods = '/api/v1/namespaces/shakedown/pods';
const name = 'crasher';
const names = ['first', 'second'];

/**
 * Plants a storm on a node that nobody else breaks: two containers whose program refuses its configuration and ends, again and again. Each is started again at
 * once the first time and after 10 s the second time, so that the pod has two restarts at once.
 */
export const crashLoop = (node: string) =>
  bareFault<null>({
    name: 'crash-loop',
    summary: 'Starts a pod whose containers end at once, each time that they are started again.',
    plan: () => Promise.resolve(null),
    targets: () => [`pod ${name}`],
    impact: () => 'two containers restart with the growing pauses of their kubelet',
    inject: (context) =>
      withClient(context, async (client) => {
        const image = await webImageOf(client, context.signal);
        const env = [{ name: 'LATENCY', value: 'none of your business' }];
        const body = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, labels: { app: name } },
          spec: {
            nodeName: node,
            terminationGracePeriodSeconds: 0,
            containers: names.map((each) => ({ name: each, image, env })),
          },
        };
        await client.request(pods, { method: 'POST', body, signal: context.signal });
      }),
    proveActive: (context) =>
      withClient(context, (client) =>
        eventually('two restarts', { withinMs: 20_000, signal: context.signal }, async () => {
          const pod = readPod((await client.request(`${pods}/${name}`, { signal: context.signal })) as KubeObject);
          const restarts = pod.containers.reduce((sum, each) => sum + each.restarts, 0);
          return restarts >= 2 ? yes(`its kubelet counts ${String(restarts)} restarts`) : notYet(String(restarts));
        }),
      ),
    heal: (context) => withClient(context, (client) => remove(client, `${pods}/${name}`, context.signal)),
    proveGone: (context) => withClient(context, (client) => proveRemoved(client, [`${pods}/${name}`], context.signal)),
  });
