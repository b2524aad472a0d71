import { HarnessError } from '../../../harness/model/errors.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { choosePods, podPath, withClient, type PodTarget } from '../../../faults/shared/pods.ts';
import { isGone, proveRemoved, remove } from './removed.ts';
import { bareFault } from '../../self/bare-fault.ts';

const slices = '/apis/discovery.k8s.io/v1/namespaces/shakedown/endpointslices';
const name = 'web-by-hand';

/** An EndpointSlice of `web` that nobody keeps: its label makes it the Service's, another manager's name keeps the controller off. */
const sliceOf = ({ name: pod, namespace, uid, node, address }: PodTarget) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name,
    labels: { 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'sabotage' },
  },
  addressType: 'IPv4',
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  endpoints: [
    {
      addresses: [address],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: node,
      targetRef: { kind: 'Pod', namespace, name: pod, uid },
    },
  ],
});

/** Plants an endpoint that does not converge: a second slice names a pod of that node, the pod goes, the slice stays. */
export const staleSlice = (node: string) =>
  bareFault<PodTarget>({
    name: 'stale-slice',
    summary: 'Deletes a pod that an EndpointSlice kept by hand goes on offering.',
    plan: async (context) => {
      const choice = { namespace: 'shakedown', selector: 'app=web', node, count: 1 };
      const [pod] = await choosePods(context, choice);
      if (pod === undefined) throw new HarnessError('refused', 'there is no pod of web');
      return pod;
    },
    targets: (pod) => [`pod ${pod.name}`],
    impact: (pod) => `${pod.name} is deleted and stays a ready endpoint of web`,
    inject: (context, pod) =>
      withClient(context, async (client) => {
        const { signal } = context;
        await client.request(slices, { method: 'POST', body: sliceOf(pod), signal });
        await client.request(podPath(pod), { method: 'DELETE', query: { gracePeriodSeconds: '1' }, signal });
      }),
    proveActive: (context, pod) =>
      withClient(context, (client) =>
        eventually(`${pod.name} to be gone`, { withinMs: 10_000, signal: context.signal }, async () => {
          if (!(await isGone(client, podPath(pod), context.signal))) return notYet('it is still there');
          await client.request(`${slices}/${name}`, { signal: context.signal });
          return yes(`${pod.name} is gone, and ${name} still offers it`);
        }),
      ),
    heal: (context) => withClient(context, (client) => remove(client, `${slices}/${name}`, context.signal)),
    proveGone: (context) =>
      withClient(context, (client) => proveRemoved(client, [`${slices}/${name}`], context.signal)),
  });
