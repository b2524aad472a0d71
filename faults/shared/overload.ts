import { join } from 'node:path';

import { deleteNamespace, faultLabel, hasStatus, type KubeClient } from '../../harness/kube/index.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import type { FloodOptions } from './list-flood/flood.ts';
import { countMarkedScript, endMarkedScript } from './marked-processes.ts';
import { withClient } from './pods.ts';
import { quoted } from '../../harness/util/shell-words.ts';

const variable = 'SHAKEDOWN_FLOOD';
const account = 'flood';
const program = join(import.meta.dirname, 'list-flood', 'main.ts');
/** A flood whose harness and leash were both lost ends by itself. */
const endAfterMs = 1_200_000;

/** What a list has to bring: 1.6 MB, for which priority and fairness counts many seats. */
const objects = 40;
const objectBytes = 40_000;

export const overloadNamespace = (mark: string): string => `shakedown-${mark.replaceAll('_', '-')}`;
const under = (namespace: string): string => `/api/v1/namespaces/${namespace}`;

/** Makes what is asked for and takes over what is there. */
async function make(client: KubeClient, collection: string, body: object, signal: AbortSignal): Promise<void> {
  await client.request(collection, { method: 'POST', body, signal }).catch((error: unknown) => {
    if (!hasStatus(error, 409)) throw error;
  });
}

/**
 * A namespace with things to list, and an account that may do nothing but list them: the API takes an administrator's
 * requests before all others and never makes them wait.
 */
async function makeObjects(client: KubeClient, mark: string, signal: AbortSignal): Promise<void> {
  const namespace = overloadNamespace(mark);
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const named = (name: string): { readonly metadata: { readonly name: string } } => ({ metadata: { name } });
  const metadata = { name: namespace, labels: { [faultLabel]: mark } };
  await make(client, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata }, signal);
  await make(client, `${under(namespace)}/serviceaccounts`, named(account), signal);
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
  await make(client, `${rbac}/roles`, { ...named(account), rules }, signal);
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account };
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
  await make(client, `${rbac}/rolebindings`, { ...named(account), roleRef, subjects }, signal);
  const data = { filler: 'shakedown '.repeat(objectBytes / 10) };
  for (let at = 0; at < objects; at += 1)
    await make(client, `${under(namespace)}/configmaps`, { ...named(`filler-${String(at)}`), data }, signal);
}

async function tokenOf(client: KubeClient, namespace: string, signal: AbortSignal): Promise<string> {
  const path = `${under(namespace)}/serviceaccounts/${account}/token`;
  const spec = { expirationSeconds: Math.ceil(endAfterMs / 1_000) + 600 };
  const answer = (await client.request(path, { method: 'POST', body: { spec }, signal })) as {
    readonly status?: { readonly token?: string };
  };
  const token = answer.status?.token;
  if (token === undefined)
    throw new HarnessError('command-failed', `The API gave no token for ${account} in ${namespace}`);
  return token;
}

async function authorityOf(client: KubeClient, signal: AbortSignal): Promise<string> {
  const path = `${under('kube-system')}/configmaps/kube-root-ca.crt`;
  const { data } = (await client.request(path, { signal })) as { readonly data: Readonly<Record<string, string>> };
  return data['ca.crt'] ?? '';
}

/** Makes the account and what it lists, and lets a process in the place of the clients list it without end. */
export async function startFlood(context: FaultContext, servers: readonly string[], inFlight: number): Promise<void> {
  const { cluster, mark, signal } = context;
  const namespace = overloadNamespace(mark);
  const options = await withClient(context, async (client): Promise<FloodOptions> => {
    await makeObjects(client, mark, signal);
    const urls = servers.map((server) => `${server}${under(namespace)}/configmaps`);
    const [token, authority] = [await tokenOf(client, namespace, signal), await authorityOf(client, signal)];
    return { urls, inFlight, token, authority, endAfterMs };
  });
  const place = await cluster.place('client');
  const command = `env ${variable}=${quoted(mark)} setsid ${quoted(process.execPath)} ${quoted(program)}`;
  // A shell gives a process in the background no input of its own accord.
  const script = `exec 3<&0\n${command} <&3 > /dev/null 2>&1 3<&- &\n`;
  await place.exec(['sh', '-c', script], { input: JSON.stringify(options), signal, timeoutMs: 10_000 });
}

/** Ends the process, on the machine under the places. */
export const endFloodScript = (mark: string): string => endMarkedScript(variable, mark);

export async function floodCount({ host }: Cluster, mark: string, signal: AbortSignal): Promise<number> {
  const { stdout } = await host.exec(['sh', '-c', countMarkedScript(variable, mark)], { signal, timeoutMs: 20_000 });
  return Number(stdout.trim());
}

/** Takes the account and what it lists away. Idempotent. */
export async function removeObjects(context: FaultContext): Promise<void> {
  await withClient(context, (client) => deleteNamespace(client, overloadNamespace(context.mark), context.signal));
}

/** Whether nothing of them is left. */
export async function objectsAreGone(context: FaultContext): Promise<boolean> {
  const { signal } = context;
  return withClient(context, (client) =>
    client.request(under(overloadNamespace(context.mark)), { signal, timeoutMs: 5_000 }).then(
      () => false,
      (error: unknown) => {
        if (hasStatus(error, 404)) return true;
        throw error;
      },
    ),
  );
}
