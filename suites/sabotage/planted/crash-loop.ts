import type { KubeObject } from '../../../harness/kube/index.ts';
import type { Fault } from '../../../harness/model/fault.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { readPod, withClient } from '../../../faults/shared/pods.ts';
import { proveRemoved, remove } from './removed.ts';
import { webImageOf } from './web-image.ts';

const pods = '/api/v1/namespaces/shakedown/pods';
const name = 'crasher';

/** Plants a storm: a container whose program refuses its configuration and ends, again and again. */
export const crashLoop: Fault<unknown, null> = {
  name: 'crash-loop',
  summary: 'Starts a pod whose container ends at once, each time that it is started again.',
  needs: [],
  minimumHoldMs: 1_000,
  params: (given) => given,
  obstacle: () => null,
  plan: () => Promise.resolve(null),
  targets: () => [`pod ${name}`],
  impact: () => 'a container restarts with the growing pauses of its kubelet',
  leashes: () => [],
  inject: (context) =>
    withClient(context, async (client) => {
      const image = await webImageOf(client, context.signal);
      const env = [{ name: 'LATENCY', value: 'none of your business' }];
      const body = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image, env }] },
      };
      await client.request(pods, { method: 'POST', body, signal: context.signal });
    }),
  // The second restart comes after the first pause of the kubelet, 10 s.
  proveActive: (context) =>
    withClient(context, (client) =>
      eventually('two restarts', { withinMs: 40_000, everyMs: 500, signal: context.signal }, async () => {
        const pod = readPod((await client.request(`${pods}/${name}`, { signal: context.signal })) as KubeObject);
        const restarts = pod.containers[0]?.restarts ?? 0;
        return restarts >= 2 ? yes(`its kubelet counts ${String(restarts)} restarts`) : notYet(String(restarts));
      }),
    ),
  heal: (context) => withClient(context, (client) => remove(client, `${pods}/${name}`, context.signal)),
  proveGone: (context) => withClient(context, (client) => proveRemoved(client, [`${pods}/${name}`], context.signal)),
};
