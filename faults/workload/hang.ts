import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { tellAnswer } from '../shared/http-answer.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { ownersOf, proveReplaced, type Owner } from '../shared/owners.ts';
import { readParams } from '../shared/params.ts';
import { askPod, requestScript } from '../shared/pod-http.ts';
import {
  choosePods,
  listPods,
  podAmount,
  podChoice,
  podName,
  podObstacle,
  podsInWords,
  withClient,
  type PodTarget,
} from '../shared/pods.ts';
import { prove } from '../shared/prove.ts';

const name = 'hang';
const schema = z.strictObject({
  ...podChoice,
  ...podAmount,
  what: z.enum(['requests', 'ready', 'live', 'all']).default('requests'),
  /** Of the web workload's server. */
  port: z.int().min(1).max(65_535).default(8_080),
});
type Params = z.output<typeof schema>;
type What = Params['what'];

type Plan = {
  readonly what: What;
  readonly port: number;
  readonly pods: readonly PodTarget[];
  readonly owners: readonly Owner[];
};

/** What hangs, by the path that then gives no answer; and one that must still answer, so that a dead pod does not pass. */
const paths: Record<Exclude<What, 'all'>, { readonly hangs: string; readonly answers: string }> = {
  requests: { hangs: '/', answers: '/readyz' },
  ready: { hangs: '/readyz', answers: '/' },
  live: { hangs: '/healthz', answers: '/' },
};
const switchPath = (verb: 'hang' | 'unhang', what: What): string => `/${verb}${what === 'all' ? '' : `?what=${what}`}`;

const felt: Record<What, string> = {
  requests:
    'Their readiness probes still pass, so that no endpoint is withdrawn: every request that is routed to them waits for ever',
  ready:
    'Their readiness probes time out and their endpoints are withdrawn after the failure threshold, although they would serve',
  live: 'Their liveness probes, where there are any, time out and the kubelet starts the containers again, although they serve',
  all: 'They answer nothing: requests wait, until the readiness probes have failed often enough and the endpoints are withdrawn',
};

/** Only servers that can be told to hang do so: the web workload's is one. */
export const hang: Fault<Params, Plan> = {
  name,
  summary: 'Makes servers of the web workload hang: their requests, readiness, liveness, or all of it.',
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? podObstacle(facts, params),
  plan: async (context, params) => {
    const pods = await choosePods(context, params);
    return { what: params.what, port: params.port, pods, owners: await ownersOf(context, pods) };
  },
  targets: ({ pods }) => pods.map(podName),
  impact: ({ what, pods, owners }) => {
    const ready = owners.reduce((sum, owner) => sum + owner.ready, 0);
    return `Of ${podsInWords(ready)}, ${String(pods.length)} will hang. ${felt[what]}.`;
  },
  leashes: ({ what, port, pods }) =>
    pods.map(({ node, address }) => ({
      on: { node },
      undo: requestScript('POST', address, port, switchPath('unhang', what)),
    })),
  inject: async (context, { what, port, pods }) => {
    const { cluster, signal } = context;
    const told = pods.map(async (pod) => {
      const request = { method: 'POST', address: pod.address, port, path: switchPath('hang', what) } as const;
      const answer = await askPod(cluster.node(pod.node), request, signal);
      if ('status' in answer && / 200 /.test(answer.status)) return;
      throw new HarnessError(
        'command-failed',
        `${podName(pod)} cannot be told to hang: port ${String(port)} ${tellAnswer(answer)}`,
      );
    });
    await Promise.all(told);
  },
  proveActive: async (context, plan) =>
    (await Promise.all(plan.pods.map((pod) => proveHanging(context, plan, pod)))).join('; '),
  heal: async ({ cluster, signal }, { what, port, pods }) => {
    // A pod that is gone or whose container was started again cannot be asked and does not hang: the proof of absence tells.
    const path = switchPath('unhang', what);
    await Promise.all(
      pods.map(({ node, address }) => askPod(cluster.node(node), { method: 'POST', address, port, path }, signal)),
    );
  },
  proveGone: async (context, plan) => {
    const answers = await Promise.all(plan.pods.map((pod) => proveAnswering(context, plan, pod)));
    return `${answers.join('; ')}; ${await proveReplaced(context, plan.owners)}`;
  },
};

async function proveHanging({ cluster, signal }: FaultContext, { what, port }: Plan, pod: PodTarget): Promise<string> {
  const shell = cluster.node(pod.node);
  const options = { withinMs: 15_000, everyMs: 100, stable: 2, signal };
  const { hangs, answers } = paths[what === 'all' ? 'requests' : what];
  return prove('fault-not-active', `${podName(pod)} to hang`, options, async () => {
    const [dead, alive] = await Promise.all([
      askPod(shell, { address: pod.address, port, path: hangs }, signal),
      askPod(shell, { address: pod.address, port, path: what === 'all' ? '/no-such-path' : answers }, signal),
    ]);
    if ('status' in dead || dead.none !== 'silent') return notYet(`${hangs} ${tellAnswer(dead)}`);
    if (!('status' in alive)) return notYet(`${hangs} is silent, but so is all else (${tellAnswer(alive)})`);
    return yes(`${hangs} of ${pod.name} gives no answer within 1 s, while its server runs (${alive.status})`);
  });
}

/** It answers, or it is not there any more. */
async function proveAnswering(context: FaultContext, { port, what }: Plan, pod: PodTarget): Promise<string> {
  const { cluster, signal } = context;
  const options = { withinMs: 60_000, everyMs: 200, signal };
  const asked = what === 'all' ? Object.values(paths) : [paths[what]];
  return withClient(context, (client) =>
    prove('fault-not-gone', `${podName(pod)} to answer`, options, async () => {
      const there = (await listPods(client, pod.namespace, signal)).find(({ uid }) => uid === pod.uid);
      if (there === undefined) return yes(`${pod.name} was replaced`);
      for (const { hangs } of asked) {
        const answer = await askPod(cluster.node(pod.node), { address: pod.address, port, path: hangs }, signal);
        if (!('status' in answer)) return notYet(`${hangs} ${tellAnswer(answer)}`);
      }
      return yes(`${pod.name} answers on ${asked.map(({ hangs }) => hangs).join(', ')}`);
    }),
  );
}
