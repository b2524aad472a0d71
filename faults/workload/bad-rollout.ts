import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { hasStatus, type KubeList } from '../../harness/kube/index.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import {
  deploymentPath,
  maxUnavailable,
  readDeployment,
  replaceTemplate,
  rolloutWords,
  type Template,
} from '../shared/deployment.ts';
import { readParams } from '../shared/params.ts';
import { withClient } from '../shared/pods.ts';
import { prove } from '../shared/prove.ts';

const name = 'bad-rollout';
const schema = z.strictObject({
  namespace: z.string().min(1).default('shakedown'),
  deployment: z.string().min(1).default('web'),
  how: z.enum(['image', 'readiness']).default('image'),
});
type Params = z.output<typeof schema>;

type Plan = {
  readonly how: Params['how'];
  readonly namespace: string;
  readonly deployment: string;
  readonly uid: string;
  readonly replicas: number;
  /** How many old pods must stay. */
  readonly kept: number;
  /** The exact inverse. */
  readonly template: Template;
};

const container = '/spec/template/spec/containers/0';
/** `.invalid` never resolves (RFC 2606), so that nobody is asked for the image. */
const absentImage = 'registry.invalid/shakedown-absent:1';
const operations = {
  image: [{ op: 'replace', path: `${container}/image`, value: absentImage }],
  readiness: [
    {
      op: 'add',
      path: `${container}/readinessProbe`,
      value: { exec: { command: ['/shakedown-absent'] }, periodSeconds: 1, failureThreshold: 1 },
    },
  ],
} as const;

/** The old template is in the journal before the new one is in the API. */
export const badRollout: Fault<Params, Plan> = {
  name,
  summary: 'Rolls out a version that never becomes ready: an image that does not exist, or a failing readiness probe.',
  needs: [],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: () => null,
  plan,
  targets: ({ namespace, deployment }) => [`deployment ${namespace}/${deployment}`],
  impact: ({ how, namespace, deployment, replicas, kept }) =>
    `The deployment ${namespace}/${deployment} is rolled out with ${how === 'image' ? 'an image that does not exist' : 'a readiness probe that always fails'}: ` +
    `its new pods never become ready, and ${String(kept)} of ${String(replicas)} old ones stay and serve.`,
  leashes: () => [],
  inject: async (context, { how, namespace, deployment }) => {
    await withClient(context, (client) =>
      replaceTemplate(client, deploymentPath(namespace, deployment), operations[how], context.signal),
    );
  },
  proveActive: proveStuck,
  heal: async (context, { namespace, deployment, template, uid }) => {
    await withClient(context, async (client) => {
      const path = deploymentPath(namespace, deployment);
      try {
        const now = await readDeployment(client, path, context.signal);
        if (now.metadata.uid !== uid || isDeepStrictEqual(now.spec.template, template)) return;
        const put = [{ op: 'replace', path: '/spec/template', value: template }] as const;
        await replaceTemplate(client, path, put, context.signal);
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    });
  },
  proveGone: proveWhole,
};

async function plan(context: FaultContext, { namespace, deployment, how }: Params): Promise<Plan> {
  const path = deploymentPath(namespace, deployment);
  const found = await withClient(context, (client) =>
    readDeployment(client, path, context.signal).catch((error: unknown) => {
      if (!hasStatus(error, 404)) throw error;
      throw new HarnessError('refused', `There is no deployment ${namespace}/${deployment}`);
    }),
  );
  const { whole, words } = rolloutWords(found);
  if (!whole || found.spec.paused === true)
    throw new HarnessError('refused', `The deployment ${namespace}/${deployment} is not at rest: ${words}`);
  if (found.spec.strategy?.type === 'Recreate')
    throw new HarnessError(
      'refused',
      `The deployment ${namespace}/${deployment} is recreated at every rollout: no pod would be left`,
    );
  const replicas = found.spec.replicas ?? 1;
  const kept = replicas - maxUnavailable(found);
  return { how, namespace, deployment, uid: found.metadata.uid, replicas, kept, template: found.spec.template };
}

interface Waiting {
  readonly containerStatuses?: readonly {
    readonly ready?: boolean;
    readonly state?: { readonly waiting?: { readonly reason?: string }; readonly running?: object };
  }[];
}

/** The kubelet says of a new pod why it is not ready, and as many old ones are Ready as the strategy keeps. */
async function proveStuck(
  context: FaultContext,
  { how, namespace, kept, deployment, template }: Plan,
): Promise<string> {
  const { signal } = context;
  const options = { withinMs: 60_000, everyMs: 300, signal };
  return withClient(context, (client) =>
    prove('fault-not-active', `the rollout of ${deployment} to be stuck`, options, async () => {
      const now = await readDeployment(client, deploymentPath(namespace, deployment), signal);
      if (isDeepStrictEqual(now.spec.template, template)) return notYet('it has its old template');
      const { items } = (await client.request(`/api/v1/namespaces/${namespace}/pods`, { signal })) as KubeList;
      const reasons = items
        .filter((pod) => isNew(pod['spec'] as NewPod, how))
        .flatMap((pod) => (pod['status'] as Waiting | undefined)?.containerStatuses ?? [])
        .map(({ ready, state }) =>
          ready === true ? 'ready' : (state?.waiting?.reason ?? (state?.running ? 'running' : 'starting')),
        );
      const right = how === 'image' ? /^(ErrImagePull|ImagePullBackOff)$/ : /^running$/;
      const { readyReplicas = 0, updatedReplicas = 0 } = now.status ?? {};
      const words = `${String(updatedReplicas)} new pods are ${[...new Set(reasons)].join(', ') || 'not there'}; ${String(readyReplicas)} old ones are Ready`;
      if (reasons.includes('ready')) return notYet(`a new pod is ready; ${words}`);
      return reasons.some((reason) => right.test(reason)) && readyReplicas >= kept
        ? yes(`${words} and ${String(kept)} must stay`)
        : notYet(words);
    }),
  );
}

interface NewPod {
  readonly containers: readonly {
    readonly image?: string;
    readonly readinessProbe?: { readonly exec?: { readonly command?: readonly string[] } };
  }[];
}

const isNew = ({ containers: [first] }: NewPod, how: Plan['how']): boolean =>
  how === 'image' ? first?.image === absentImage : first?.readinessProbe?.exec?.command?.[0] === '/shakedown-absent';

async function proveWhole(context: FaultContext, { namespace, deployment, template, uid }: Plan): Promise<string> {
  const { signal } = context;
  const options = { withinMs: 120_000, everyMs: 300, signal };
  return withClient(context, (client) =>
    prove('fault-not-gone', `${deployment} to be whole`, options, async () => {
      try {
        const now = await readDeployment(client, deploymentPath(namespace, deployment), signal);
        if (now.metadata.uid !== uid) return yes(`${deployment} was replaced by another of its name`);
        if (!isDeepStrictEqual(now.spec.template, template)) return notYet('its template is not the old one');
        const { whole, words } = rolloutWords(now);
        return whole ? yes(`${deployment} has its old template: ${words}`) : notYet(words);
      } catch (error) {
        if (hasStatus(error, 404)) return yes(`${deployment} is not there any more`);
        throw error;
      }
    }),
  );
}
