import { z } from 'zod';

import { ApiError, faultLabel, hasStatus } from '../../harness/kube/index.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { readParams } from '../shared/params.ts';
import { withClient } from '../shared/pods.ts';
import { prove } from '../shared/prove.ts';

const name = 'webhook-outage';
const schema = z.strictObject({
  /** The only namespace in which anything is asked of the webhook. */
  namespace: z.string().min(1).default('shakedown'),
  policy: z.enum(['Fail', 'Ignore']).default('Fail'),
  /** `absent`: there is no such service. `silent`: its address never answers, so that every request waits for the timeout. */
  how: z.enum(['absent', 'silent']).optional(),
  timeoutSeconds: z.int().min(1).max(30).default(2),
});
type Params = z.output<typeof schema>;

type Plan = {
  readonly namespace: string;
  readonly policy: Params['policy'];
  readonly how: 'absent' | 'silent';
  readonly timeoutSeconds: number;
};

const collection = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const nameOf = ({ mark }: FaultContext): string => `shakedown-${mark.replaceAll('_', '-')}`;
/** TEST-NET-1 (RFC 5737): nobody has it. */
const nowhere = 'https://192.0.2.1:443/';

/** Only one namespace is asked about, and only when pods are created: nobody else's admission is touched. */
export const webhookOutage: Fault<Params, Plan> = {
  name,
  summary: 'Puts a validating webhook that nobody serves before the creation of pods in one namespace.',
  needs: [],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, schema, given),
  obstacle: () => null,
  // With Ignore an absent service is not felt at all; a silent one is.
  plan: (_, { how, ...params }) =>
    Promise.resolve({ ...params, how: how ?? (params.policy === 'Fail' ? 'absent' : 'silent') }),
  targets: ({ namespace }) => [`namespace ${namespace}`],
  impact: ({ namespace, policy, how, timeoutSeconds }) => {
    const delay = how === 'silent' ? `after ${String(timeoutSeconds)} s` : 'at once';
    return policy === 'Fail'
      ? `Every creation of a pod in ${namespace} is refused ${delay}: nothing there can be replaced or scaled; running pods do not notice.`
      : `Every creation of a pod in ${namespace} passes, ${how === 'silent' ? `but only ${delay}` : delay}; running pods do not notice.`;
  },
  leashes: () => [],
  inject: async (context, plan) => {
    await withClient(context, (client) =>
      client.request(collection, {
        method: 'POST',
        body: configuration(nameOf(context), context.mark, plan),
        signal: context.signal,
      }),
    );
  },
  proveActive: proveFelt,
  heal: async (context) => {
    await withClient(context, async (client) => {
      try {
        await client.request(`${collection}/${nameOf(context)}`, { method: 'DELETE', signal: context.signal });
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    });
  },
  proveGone: proveUnhindered,
};

function configuration(configured: string, mark: string, { namespace, policy, how, timeoutSeconds }: Plan): unknown {
  const service = { namespace, name: configured, path: '/' };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: configured, labels: { [faultLabel]: mark } },
    webhooks: [
      {
        name: `${configured}.shakedown.dev`,
        clientConfig: how === 'absent' ? { service } : { url: nowhere },
        rules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: 'Namespaced' },
        ],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        failurePolicy: policy,
        timeoutSeconds,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}

/** What became of the creation of a pod, all but stored: webhooks are asked in a dry run too. */
async function tryCreate(
  context: FaultContext,
  { namespace, timeoutSeconds }: Plan,
): Promise<{ readonly refused: string | null; readonly tookMs: number }> {
  const startMs = performance.now();
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${nameOf(context)}-probe`, namespace },
    spec: { containers: [{ name: 'probe', image: 'registry.invalid/none' }] },
  };
  const options = {
    method: 'POST',
    query: { dryRun: 'All' },
    body,
    signal: context.signal,
    timeoutMs: timeoutSeconds * 1_000 + 5_000,
  } as const;
  return withClient(context, async (client) => {
    try {
      await client.request(`/api/v1/namespaces/${namespace}/pods`, options);
      return { refused: null, tookMs: performance.now() - startMs };
    } catch (error) {
      if (!(error instanceof ApiError) || !error.message.includes('failed calling webhook')) throw error;
      return { refused: error.message, tookMs: performance.now() - startMs };
    }
  });
}

/** The API server itself says that it could not call the webhook, or waited for it. */
async function proveFelt(context: FaultContext, plan: Plan): Promise<string> {
  const { policy, how, timeoutSeconds } = plan;
  const options = { withinMs: 20_000 + timeoutSeconds * 1_000, everyMs: 200, signal: context.signal };
  return prove('fault-not-active', 'the creation of a pod to meet the webhook', options, async () => {
    const { refused, tookMs } = await tryCreate(context, plan);
    const took = `after ${(tookMs / 1_000).toFixed(2)} s`;
    if (policy === 'Fail')
      return refused === null ? notYet(`a pod was accepted ${took}`) : yes(`a pod was refused ${took}: ${refused}`);
    if (refused !== null) return notYet(`a pod was refused ${took}: ${refused}`);
    if (how === 'silent' && tookMs < timeoutSeconds * 1_000) return notYet(`a pod was accepted ${took} already`);
    if (how === 'absent' && !(await failedOpen(context))) return notYet('no API server counted a call that failed');
    return yes(
      `a pod was accepted ${took}${how === 'absent' ? ', and the API server counted a call that failed' : ''}`,
    );
  });
}

/** The server's own counter of webhooks that failed and were ignored. */
async function failedOpen(context: FaultContext): Promise<boolean> {
  const metrics = await withClient(context, (client) => client.text('/metrics', { signal: context.signal }));
  const counter = new RegExp(
    `^apiserver_admission_webhook_fail_open_count\\{[^}]*${nameOf(context)}[^}]*\\} [1-9]`,
    'm',
  );
  return counter.test(metrics);
}

async function proveUnhindered(context: FaultContext, plan: Plan): Promise<string> {
  const options = { withinMs: 30_000, everyMs: 200, stable: 3, signal: context.signal };
  return withClient(context, (client) =>
    prove('fault-not-gone', 'pods to be created as before', options, async () => {
      const left = await client.request(`${collection}/${nameOf(context)}`, { signal: context.signal }).then(
        () => true,
        (error: unknown) => {
          if (hasStatus(error, 404)) return false;
          throw error;
        },
      );
      if (left) return notYet('the webhook is still configured');
      const { refused, tookMs } = await tryCreate(context, plan);
      if (refused !== null) return notYet(refused);
      if (tookMs >= plan.timeoutSeconds * 1_000) return notYet(`a creation took ${(tookMs / 1_000).toFixed(2)} s`);
      return yes(`a pod was accepted after ${(tookMs / 1_000).toFixed(2)} s`);
    }),
  );
}
