import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { hasStatus, isTransient, type KubeClient, type KubeObject } from '../../kube/index.ts';
import { HarnessError } from '../../model/errors.ts';
import { buildOwnProgram } from '../../toolchain/own-programs.ts';
import { ensurePrograms } from '../../toolchain/index.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { exec } from '../../util/exec.ts';
import type { AgentKeys } from './agent-link.ts';
import { agentNamespace, agentPod, agentPort, laid, podName, secretName } from './agent-pod.ts';
import { AgentShell } from './agent-shell.ts';
import { agentObjects, ownerOfAgents } from './agent-objects.ts';
import { listens } from './reach.ts';
import { nodeFactsOf, type RawNode } from './raw-node.ts';

const program = { name: 'node-agent', folder: join(import.meta.dirname, 'agent') } as const;
const readyWithinMs = 60_000;
const path = `/api/v1/namespaces/${agentNamespace}`;

export interface AgentsOptions {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly run: string;
  /** In place of an image that the node has. */
  readonly image?: string | undefined;
  /** A private folder for keys. */
  readonly folder: string;
}

/** The agents of one run: each is made when its node is first asked for something, or taken over from a process that died. */
export class Agents {
  readonly #options: AgentsOptions;
  readonly #shells = new Map<string, Promise<AgentShell>>();
  #keys: Promise<AgentKeys> | undefined;
  #program: Promise<string> | undefined;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  /** The nodes whose agent was asked for. */
  get made(): readonly string[] {
    return [...this.#shells.keys()];
  }

  /** @throws HarnessError `refused` | `timed-out` | `command-failed` when no pod can be made there */
  shell(node: RawNode): Promise<AgentShell> {
    const { name } = node.metadata;
    const known = this.#shells.get(name);
    if (known !== undefined) return known;
    const made = this.#make(node);
    this.#shells.set(name, made);
    // What failed once may be asked for again.
    made.catch(() => this.#shells.delete(name));
    return made;
  }

  async #make(node: RawNode): Promise<AgentShell> {
    // A signal of its own: whoever asks next must not find it half made because the first one gave up.
    const signal = AbortSignal.timeout(2 * readyWithinMs);
    const { name, address } = nodeFactsOf(node);
    const keys = await (this.#keys ??= this.#prepare(signal).catch((error: unknown) => {
      this.#keys = undefined;
      throw error;
    }));
    const { client, run, image } = this.#options;
    try {
      await client.request(`${path}/pods`, { method: 'POST', body: agentPod(node, run, image), signal });
    } catch (error) {
      if (!hasStatus(error, 409)) throw refusedPod(name, error);
    }
    await this.#untilRunning(name, signal);
    if (!(await listens(address, agentPort))) await this.#lay(name, signal);
    const shell = new AgentShell({ node: name, address, port: agentPort }, keys);
    await this.#untilItAnswers(shell, signal);
    return shell;
  }

  /** The namespace of the agents with their keys: those that are there, if they are of this run. */
  async #prepare(signal: AbortSignal): Promise<AgentKeys> {
    const { client, run, folder } = this.#options;
    const owner = await ownerOfAgents(client, signal);
    if (owner !== null && owner !== run)
      throw new HarnessError('cluster-state', `Run ${owner || 'unknown'} is on this cluster, or died there`, {
        hint: owner === '' ? `kubectl delete namespace ${agentNamespace}` : `shakedown heal ${owner}`,
      });
    const secret = `${path}/secrets/${secretName}`;
    const held = owner === null ? null : await client.request(secret, { signal }).catch(nullIfNone);
    if (held !== null) return keysIn(held as KubeObject);
    await exec([await this.#agentProgram(signal), 'keys', folder], { signal });
    const [certificate, key] = await Promise.all(
      ['tls.crt', 'tls.key'].map((file) => readFile(join(folder, file), 'utf8')),
    );
    await Promise.all(['tls.crt', 'tls.key'].map((file) => rm(join(folder, file))));
    const keys = { certificate: certificate ?? '', key: key ?? '' };
    for (const [collection, body] of agentObjects(run, keys))
      await client.request(collection, { method: 'POST', body, signal }).catch((error: unknown) => {
        if (!hasStatus(error, 409)) throw error;
      });
    return keys;
  }

  #agentProgram(signal: AbortSignal): Promise<string> {
    return (this.#program ??= buildOwnProgram(program, () => undefined, signal));
  }

  async #untilRunning(node: string, signal: AbortSignal): Promise<void> {
    const { client } = this.#options;
    await eventually(
      `the shell of node ${node} to start`,
      { withinMs: readyWithinMs, everyMs: 200, signal, transient: isTransient },
      async () => {
        const { state, failed } = stateOf(
          (await client.request(`${path}/pods/${podName(node)}`, { signal })) as KubeObject,
        );
        if (failed) throw new HarnessError('command-failed', `The shell of node ${node} cannot start: ${state}`);
        return state === 'running' ? yes(undefined) : notYet(state);
      },
    );
  }

  /** Copies the agent into its container, which starts it when it is whole. */
  async #lay(node: string, signal: AbortSignal): Promise<void> {
    const file = await this.#agentProgram(signal);
    const { size } = await stat(file);
    const programs = await ensurePrograms(['kubectl'], () => undefined, signal);
    const script = `cat > ${laid.partial} && [ $(wc -c < ${laid.partial}) = ${String(size)} ] && chmod 755 ${laid.partial} && mv ${laid.partial} ${laid.program}`;
    const kubectl = [programs.get('kubectl') ?? 'kubectl', '--kubeconfig', this.#options.kubeconfig];
    const run = [...kubectl, '-n', agentNamespace, 'exec', '-i', podName(node), '--', 'sh', '-c', script];
    // The file is given as it is: an argument of this shell, and its input that of kubectl.
    await exec(['sh', '-c', 'exec "$@" < "$0"', file, ...run], { signal, timeoutMs: readyWithinMs });
  }

  async #untilItAnswers(shell: AgentShell, signal: AbortSignal): Promise<void> {
    const transient = (error: unknown): boolean => error instanceof HarnessError && error.code === 'command-failed';
    await eventually(
      `the shell of node ${shell.name} to answer on port ${String(agentPort)}`,
      { withinMs: 20_000, everyMs: 100, signal, transient },
      async () => yes(await shell.exec(['true'], { signal, timeoutMs: 10_000 })),
    );
  }

  close(): void {
    for (const shell of this.#shells.values())
      void shell.then(
        (made) => {
          made.close();
        },
        () => undefined,
      );
  }
}

const nullIfNone = (error: unknown): null => {
  if (hasStatus(error, 404)) return null;
  throw error;
};

function refusedPod(node: string, cause: unknown): unknown {
  if (![401, 403].some((status) => hasStatus(cause, status))) return cause;
  return new HarnessError('refused', `The cluster admits no privileged pod on node ${node}, which its shell needs`, {
    cause,
  });
}

function keysIn({ data }: KubeObject): AgentKeys {
  const text = (name: string): string =>
    Buffer.from((data as Readonly<Record<string, string>>)[name] ?? '', 'base64').toString();
  return { certificate: text('tls.crt'), key: text('tls.key') };
}

interface PodStatus {
  readonly phase?: string;
  readonly message?: string;
  readonly containerStatuses?: readonly {
    readonly state?: {
      readonly running?: object;
      readonly waiting?: { readonly reason?: string; readonly message?: string };
    };
  }[];
}

function stateOf(pod: KubeObject): { readonly state: string; readonly failed: boolean } {
  const status = (pod['status'] ?? {}) as PodStatus;
  const { running, waiting } = status.containerStatuses?.[0]?.state ?? {};
  if (running !== undefined) return { state: 'running', failed: false };
  const words = [waiting?.reason, waiting?.message, status.message].filter((word) => word !== undefined);
  const failed = status.phase === 'Failed' || /^(ErrImageNeverPull|CreateContainerConfigError)$/.test(words[0] ?? '');
  return { state: [status.phase ?? 'Pending', ...words].join(': '), failed };
}
