import { z } from 'zod';

import type { KubeClient } from '../../harness/kube/index.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { shellObstacle } from './obstacles.ts';
import { readParams } from './params.ts';
import { withClient } from './pods.ts';
import { processesOf, resumeScript, signalProcess } from './processes.ts';
import { prove } from './prove.ts';

const schema = z.strictObject({ how: z.enum(['kill', 'pause']).default('kill') });
type Params = z.output<typeof schema>;

type Plan = {
  readonly how: Params['how'];
  readonly node: string;
  /** As the Lease names it: the node and a number that is new with every start. */
  readonly holder: string;
  readonly startedAt: number;
  readonly leaseSeconds: number;
  /** The nodes that could take over. */
  readonly others: readonly string[];
};

interface Lease {
  readonly holder: string;
  readonly renewed: string;
  readonly seconds: number;
}

/** What only one instance of a control-plane program does at a time, and the loss of that one. */
export interface Elected {
  readonly name: string;
  /** The program; its Lease in kube-system has the same name. */
  readonly program: 'kube-controller-manager' | 'kube-scheduler';
  readonly summary: string;
  readonly felt: string;
}

/** A fault that takes the leader of a program: killed, or stopped so that it wakes up as one that no longer leads. */
export const leaderLoss = ({ name, program, summary, felt }: Elected): Fault<Params, Plan> => ({
  name,
  summary,
  needs: ['node-shell'],
  // A killed leader does not give its lease back, so that the others wait until it is over (15 s by default).
  minimumHoldMs: 25_000,
  params: (given) => readParams(name, schema, given),
  obstacle: shellObstacle,
  plan: (context, { how }) => plan(context, program, how),
  targets: ({ node }) => [node],
  impact: ({ how, node, leaseSeconds, others }) => {
    const done =
      how === 'kill' ? 'killed; its supervisor may start it again at once' : 'stopped (SIGSTOP) until the heal';
    const next = others.length === 0 ? 'only it can lead again' : `${others.join(' or ')} can take over`;
    return `${program} on ${node}, which leads, is ${done}. ${felt} until the lease of ${String(leaseSeconds)} s is over and ${next}; running services do not notice.`;
  },
  leashes: ({ node }) => [{ on: { node }, undo: resumeScript(program) }],
  inject: async (context, planned) => {
    const { holder } = await withClient(context, (client) => readLease(client, program, context.signal));
    if (holder !== planned.holder)
      throw new HarnessError(
        'refused',
        `${program} is no longer led by ${planned.holder} as planned: now by ${holder}`,
      );
    const word = planned.how === 'kill' ? 'KILL' : 'STOP';
    await signalProcess(context.cluster.node(planned.node), program, word, context.signal);
  },
  proveActive: async (context, planned) =>
    `${await proveHit(context, program, planned)}; ${await proveSuccessor(context, program, planned)}`,
  heal: async ({ cluster, signal }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', resumeScript(program)], { signal, timeoutMs: 15_000 });
  },
  proveGone: (context, planned) => proveOneLeader(context, program, planned),
});

async function readLease(client: KubeClient, program: string, signal: AbortSignal): Promise<Lease> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${program}`;
  const { spec } = (await client.request(path, { signal, timeoutMs: 5_000 })) as {
    readonly spec: {
      readonly holderIdentity?: string;
      readonly renewTime?: string;
      readonly leaseDurationSeconds?: number;
    };
  };
  return { holder: spec.holderIdentity ?? '', renewed: spec.renewTime ?? '', seconds: spec.leaseDurationSeconds ?? 15 };
}

async function plan(context: FaultContext, program: string, how: Params['how']): Promise<Plan> {
  const { cluster, signal } = context;
  const { holder, seconds } = await withClient(context, (client) => readLease(client, program, signal));
  const planes = cluster.facts.nodes.filter(({ role }) => role === 'control-plane').map(({ name }) => name);
  const node = planes.find((each) => holder.startsWith(`${each}_`));
  if (node === undefined)
    throw new HarnessError(
      'refused',
      `The lease of ${program} is held by '${holder}', which is none of ${planes.join(', ')}`,
    );
  const running = await Promise.all(
    planes.map(async (each) => ({ each, processes: await processesOf(cluster.node(each), program, signal) })),
  );
  const [process, ...more] = running.find(({ each }) => each === node)?.processes ?? [];
  if (process === undefined || more.length > 0)
    throw new HarnessError('refused', `${node} does not run exactly one process ${program}`);
  const others = running.filter(({ each, processes }) => each !== node && processes.length > 0).map(({ each }) => each);
  if (others.length === 0 && how === 'pause')
    throw new HarnessError(
      'refused',
      `No other node runs ${program}: nobody would take over from ${node} while it is stopped`,
    );
  return { how, node, holder, startedAt: process.startedAt, leaseSeconds: seconds, others };
}

/** @throws HarnessError `fault-not-active` */
async function proveHit(
  { cluster, signal }: FaultContext,
  program: string,
  { how, node, startedAt }: Plan,
): Promise<string> {
  const options = { withinMs: 10_000, everyMs: 100, signal };
  return prove('fault-not-active', `${program} on ${node} to be hit`, options, async () => {
    const old = (await processesOf(cluster.node(node), program, signal)).find((each) => each.startedAt === startedAt);
    if (how === 'kill')
      return old === undefined ? yes(`its process on ${node} is gone`) : notYet('its process still runs');
    return old?.state === 'T'
      ? yes(`its process on ${node} is in state T`)
      : notYet(`its process is in state ${old?.state ?? 'none'}`);
  });
}

/** Another holder renews the lease. @throws HarnessError `fault-not-active` */
async function proveSuccessor(context: FaultContext, program: string, { holder, leaseSeconds }: Plan): Promise<string> {
  const { signal } = context;
  const startMs = context.now();
  const options = { withinMs: (leaseSeconds + 30) * 1_000, everyMs: 250, signal };
  return withClient(context, (client) =>
    prove('fault-not-active', `another ${program} to lead`, options, async () => {
      const now = await readLease(client, program, signal);
      if (now.holder === holder || now.holder === '') return notYet(`the lease is held by ${now.holder || 'nobody'}`);
      const tookMs = Math.round(context.now() - startMs);
      context.record({
        kind: 'sample',
        probe: `${program}-leader`,
        atMs: context.now(),
        value: { holder: now.holder, tookMs },
      });
      return yes(`${now.holder} leads after ${holder}, ${String(tookMs)} ms after the hit was seen`);
    }),
  );
}

/**
 * One holder renews the lease, nothing is stopped, and the one that lost the lead has ended itself: had it gone on, two would lead.
 * @throws HarnessError `fault-not-gone`
 */
async function proveOneLeader(context: FaultContext, program: string, planned: Plan): Promise<string> {
  const { cluster, signal } = context;
  const { node, holder, startedAt, leaseSeconds } = planned;
  let first: string | undefined;
  const options = { withinMs: (leaseSeconds + 60) * 1_000, everyMs: 300, signal };
  return withClient(context, (client) =>
    prove('fault-not-gone', `${program} to have one leader`, options, async () => {
      const processes = await processesOf(cluster.node(node), program, signal);
      if (processes.length === 0 || processes.some(({ state }) => state === 'T'))
        return notYet(`the process on ${node} is in state ${processes[0]?.state ?? 'none'}`);
      const now = await readLease(client, program, signal);
      const survivor = processes.some((each) => each.startedAt === startedAt);
      if (survivor && now.holder !== holder)
        return notYet(`the old leader on ${node} still runs while ${now.holder} leads`);
      if (!survivor && now.holder === holder) return notYet(`the lease still names ${holder}, which is gone`);
      first ??= now.renewed;
      if (now.renewed === first) return notYet(`${now.holder} has not renewed its lease yet`);
      return yes(
        `${now.holder} alone leads and renews its lease; ${program} runs on ${node}${survivor ? '' : ', started anew'}`,
      );
    }),
  );
}
