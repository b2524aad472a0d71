import { firingAlerts } from '../../../harness/kube/index.ts';
import { alertsPath, alertTitle } from '../../../harness/model/alert.ts';
import { notYet, yes } from '../../../harness/util/eventually.ts';
import { withClient } from '../../../faults/shared/pods.ts';
import { prove } from '../../../faults/shared/prove.ts';
import { webImageOf } from './web-image.ts';
import { bareFault } from '../../self/bare-fault.ts';

const pods = '/api/v1/namespaces/shakedown/pods';
const name = 'canary';
const alerts = alertsPath({ service: 'shakedown/prometheus:9090' }, 'forgotten-canary');

/** A pod of web that listens where nobody calls: it runs, is never ready, and nothing that owns pods owns it. */
const canary = (node: string, image: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'web' } },
  spec: {
    nodeName: node,
    hostname: name,
    subdomain: 'web-targets',
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name,
        image,
        env: [{ name: 'LISTEN', value: ':9999' }],
        ports: [{ name: 'http', containerPort: 8080 }],
        readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
      },
    ],
  },
});

/** Plants what only an alert tells of: a trial with a wrong port, of which whoever began it says that it is over. */
export const forgottenCanary = (node: string) =>
  bareFault<null>({
    name: 'forgotten-canary',
    summary: 'Starts a pod of web that answers nobody, and forgets it.',
    plan: () => Promise.resolve(null),
    targets: () => [`pod ${name}`],
    impact: () => 'its alert fires for ever',
    inject: (context) =>
      withClient(context, async (client) => {
        const body = canary(node, await webImageOf(client, context.signal));
        await client.request(pods, { method: 'POST', body, signal: context.signal });
      }),
    proveActive: (context) =>
      withClient(context, (client) =>
        prove(
          'fault-not-active',
          'the alert of the canary to fire',
          { withinMs: 30_000, everyMs: 500, signal: context.signal },
          async () => {
            const answer = await client.text(alerts, { signal: context.signal });
            const titles = firingAlerts(answer, alerts).map(({ labels }) => alertTitle(labels));
            const own = titles.find((title) => title.startsWith(`TargetDown{instance="${name}.`));
            return own === undefined ? notYet(titles.join(', ')) : yes(`Prometheus fires ${own}`);
          },
        ),
      ),
    proveGone: () => Promise.resolve('somebody says that the trial is over'),
  });
