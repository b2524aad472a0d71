import { z } from 'zod';

import { ApiError, hasStatus } from '../../harness/kube/index.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { tell } from '../shared/etcd-loss.ts';
import { etcdMetrics } from '../shared/etcd-metrics.ts';
import { countArgs, emptyScript, fillScript, valueBytes } from '../shared/etcd-space.ts';
import { agreedLeader, etcdctl, etcdView, etcdVoters } from '../shared/etcd-status.ts';
import { etcdObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { withClient } from '../shared/pods.ts';
import { prove } from '../shared/prove.ts';

const name = 'etcd-space-quota';
const mebi = 1_048_576;
const schema = z.strictObject({
  /** More than this is not written: every member keeps it in its memory, its log and its database. */
  mostMiB: z.int().min(1).max(2_048).default(256),
});
type Params = z.output<typeof schema>;

type Plan = {
  /** The control plane whose member is written to. */
  readonly node: string;
  readonly members: readonly string[];
  readonly quotaBytes: number;
  /** The largest database of the members. */
  readonly usedBytes: number;
  /** The argv of etcdctl there: a leash knows nothing but the plan. */
  readonly etcdctl: readonly string[];
};

/** The quota is read back from the members; it is a setting of the cluster (`quota-backend-bytes`), and 2 GiB if nobody sets it. */
export const etcdSpaceQuota: Fault<Params, Plan> = {
  name,
  summary: "Fills etcd's database to its quota: it raises NOSPACE, refuses every write and goes on answering reads.",
  needs: ['node-shell', 'etcd'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: etcdObstacle,
  plan,
  targets: ({ members }) => members,
  impact: ({ node, members, quotaBytes, usedBytes }) =>
    `About ${mib(quotaBytes - usedBytes)} are written through the member on ${node}, until a database of etcd (${members.join(', ')}) ` +
    `has reached its quota of ${mib(quotaBytes)}. The API then refuses every write and goes on answering reads; leases cannot be ` +
    'renewed, so that controllers lose their lead and nothing is scheduled, replaced or withdrawn; running services do not notice.',
  leashes: ({ node, etcdctl: argv }, mark) => [{ on: { node }, undo: emptyScript(argv, mark) }],
  inject: async ({ cluster, signal, mark }, { node, quotaBytes, usedBytes, etcdctl: argv }) => {
    const most = Math.ceil((quotaBytes - usedBytes) / valueBytes) + 20;
    await cluster.node(node).exec(['sh', '-c', fillScript(argv, mark, most)], { signal, timeoutMs: 150_000 });
  },
  proveActive: proveRefused,
  heal: async ({ cluster, signal, mark }, { node, etcdctl: argv }) => {
    await cluster.node(node).exec(['sh', '-c', emptyScript(argv, mark)], { signal, timeoutMs: 120_000 });
  },
  proveGone: proveRoom,
};

const mib = (bytes: number): string => `${(bytes / mebi).toFixed(bytes < 10 * mebi ? 1 : 0)} MiB`;

interface Space {
  readonly node: string;
  readonly quotaBytes: number;
  readonly sizeBytes: number;
}

/** What each member says of its own database. @throws HarnessError `refused` when one serves no metrics */
async function spaces({ cluster, signal }: FaultContext, nodes: readonly string[]): Promise<readonly Space[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const names = ['etcd_server_quota_backend_bytes', 'etcd_mvcc_db_total_size_in_bytes'];
      const [quotaBytes = 0, sizeBytes = 0] = await etcdMetrics(cluster.node(node), names, signal);
      return { node, quotaBytes, sizeBytes };
    }),
  );
}

/** The alarms of the cluster as that node's member lists them, or why it does not. */
async function alarmsOn({ cluster, signal }: FaultContext, node: string): Promise<string> {
  const options = { signal, timeoutMs: 5_000, allowFailure: true };
  const { exitCode, stdout, stderr } = await cluster.node(node).exec([...etcdctl(cluster), 'alarm', 'list'], options);
  return exitCode === 0 ? stdout.trim() : `no answer (${stderr.trim().slice(0, 200)})`;
}

async function plan(context: FaultContext, { mostMiB }: Params): Promise<Plan> {
  const { cluster, random, signal } = context;
  const view = await etcdView(cluster, signal);
  const voters = (await etcdVoters(cluster, view, signal)).length;
  if (view.members.length < voters || agreedLeader(view, voters) === null)
    throw new HarnessError('refused', `etcd is not whole, so its members cannot be emptied again: ${tell(view)}`);
  const members = view.members.map(({ node }) => node);
  const found = await spaces(context, members);
  const quotaBytes = Math.min(...found.map((each) => each.quotaBytes));
  const usedBytes = Math.max(...found.map(({ sizeBytes }) => sizeBytes));
  if (quotaBytes - usedBytes > mostMiB * mebi)
    throw new HarnessError(
      'refused',
      `etcd has a quota of ${mib(quotaBytes)} and uses ${mib(usedBytes)}: filling it would take ${mib(quotaBytes - usedBytes)}, and ${String(mostMiB)} MiB is the most that is written`,
      { hint: 'give the cluster a smaller quota-backend-bytes (kind-configs/three-zones.yaml does), or raise mostMiB' },
    );
  const node = random.fork('target').pick(members);
  const alarms = await alarmsOn(context, node);
  if (alarms !== '') throw new HarnessError('refused', `etcd already has an alarm: ${alarms}`);
  return { node, members, quotaBytes, usedBytes, etcdctl: cluster.facts.etcd?.etcdctl ?? [] };
}

const probe = ({ mark }: FaultContext): string => `shakedown-space-${mark.replaceAll('_', '-')}`;
const maps = '/api/v1/namespaces/default/configmaps';

/** Makes an object through the API and takes it away again. @returns what was said against it, or null */
async function tryToWrite(context: FaultContext): Promise<string | null> {
  const { signal } = context;
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: probe(context) } };
  return withClient(context, async (client) => {
    try {
      await client.request(maps, { method: 'POST', body, signal, timeoutMs: 10_000 });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!hasStatus(error, 409)) return error.message;
    }
    await client.request(`${maps}/${probe(context)}`, { method: 'DELETE', signal, timeoutMs: 10_000 });
    return null;
  });
}

/** Every member knows of the alarm; the API server passes etcd's refusal of a write on, and reads what is there. */
async function proveRefused(context: FaultContext, { members, quotaBytes }: Plan): Promise<string> {
  const { signal } = context;
  const options = { withinMs: 20_000, everyMs: 300, signal };
  return prove('fault-not-active', 'etcd to refuse writes for want of space', options, async () => {
    const alarms = await Promise.all(members.map((node) => alarmsOn(context, node)));
    const without = members.find((_, at) => alarms[at]?.includes('NOSPACE') !== true);
    if (without !== undefined) return notYet(`${without} lists no alarm NOSPACE`);
    const refusal = await tryToWrite(context);
    if (refusal?.includes('database space exceeded') !== true)
      return notYet(refusal === null ? 'the API accepted a write' : `the API said: ${refusal}`);
    await withClient(context, (client) => client.request('/api/v1/namespaces', { signal, timeoutMs: 10_000 }));
    const largest = Math.max(...(await spaces(context, members)).map(({ sizeBytes }) => sizeBytes));
    return yes(
      `${members.join(', ')} list the alarm NOSPACE at ${mib(largest)} of ${mib(quotaBytes)}; a read is answered, and a write: ${refusal}`,
    );
  });
}

async function proveRoom(context: FaultContext, { node, members, quotaBytes, usedBytes }: Plan): Promise<string> {
  const { cluster, signal, mark } = context;
  const options = { withinMs: 90_000, everyMs: 500, signal };
  return prove('fault-not-gone', 'etcd to have room again', options, async () => {
    const alarms = await Promise.all(members.map((each) => alarmsOn(context, each)));
    const alarmed = alarms.findIndex((each) => each !== '');
    if (alarmed >= 0) return notYet(`${members[alarmed] ?? ''} lists: ${alarms[alarmed] ?? ''}`);
    const argv = [...etcdctl(cluster), ...countArgs(mark)];
    const { stdout } = await cluster.node(node).exec(argv, { signal, timeoutMs: 5_000 });
    if (!/"Count" : 0\b/.test(stdout)) return notYet('keys of ours are left');
    const now = await spaces(context, members);
    const full = now.find(({ sizeBytes }) => sizeBytes > (usedBytes + quotaBytes) / 2);
    if (full !== undefined) return notYet(`the database of ${full.node} has ${mib(full.sizeBytes)}`);
    const refusal = await tryToWrite(context);
    if (refusal !== null) return notYet(refusal);
    const sizes = now.map(({ node: each, sizeBytes }) => `${each} ${mib(sizeBytes)}`).join(', ');
    return yes(`no alarm, no key of ours, the API accepts a write; databases: ${sizes}`);
  });
}
