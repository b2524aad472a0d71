import { createReadStream } from 'node:fs';

import { hasStatus, type KubeClient, type KubeObject } from '../../kube/index.ts';
import { HarnessError, messageOf } from '../../model/errors.ts';
import { imagesIn } from '../local/images.ts';
import { agentNamespace, labelsOf } from './agent-pod.ts';
import type { AgentShell } from './agent-shell.ts';

const ctr = ['ctr', '--namespace', 'k8s.io', 'images'] as const;
const collection = `/api/v1/namespaces/${agentNamespace}/configmaps`;
const name = 'images';

export interface ImageOptions {
  readonly client: KubeClient;
  readonly run: string;
  readonly archives: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Imports the images that a node lacks. Which ones those are is written down in the cluster first, so that whoever cleans up
 * takes away those and no others.
 * @throws HarnessError `not-here` when its containers are not containerd's; `command-failed`
 */
export async function loadOn(shell: AgentShell, { client, run, archives, signal }: ImageOptions): Promise<void> {
  const there = new Set(await imagesOf(shell, signal));
  for (const archive of archives) {
    const missing = Object.entries(await imagesIn(archive)).filter(([image]) => !there.has(image));
    if (missing.length === 0) continue;
    const made = missing.flatMap(([image, config]) => [image, idOf(config)]).filter((name) => !there.has(name));
    await note(client, run, { [shell.name]: made }, signal);
    const input = createReadStream(archive);
    await shell.exec([...ctr, 'import', '-'], { input, signal, timeoutMs: 300_000 });
  }
}

/** The name that the kubelet's side of containerd gives an image beside the one in the archive: its configuration's hash. */
const idOf = (config: string): string => `sha256:${config.replace(/^.*\/|\.json$/g, '')}`;

async function imagesOf(shell: AgentShell, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const { stdout } = await shell.exec([...ctr, 'list', '--quiet'], { signal, timeoutMs: 15_000 });
    return stdout.split('\n');
  } catch (cause) {
    throw new HarnessError('not-here', `No image can be brought to node ${shell.name}: ${messageOf(cause)}`, { cause });
  }
}

/** Adds to what was imported; the names of a node are lines of one entry. */
async function note(
  client: KubeClient,
  run: string,
  images: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
): Promise<void> {
  const known = await notedImages(client, signal);
  const all = (node: string): readonly string[] => [...new Set([...(known[node] ?? []), ...(images[node] ?? [])])];
  const data = Object.fromEntries(Object.keys(images).map((node) => [node, all(node).join('\n')]));
  await client.request(`${collection}/${name}`, {
    method: 'PATCH',
    // Each node's entry has an owner of its own: nodes are loaded at the same time, and none takes back another's.
    query: { fieldManager: `shakedown-${Object.keys(images).join('-')}`, force: 'true' },
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: agentNamespace, labels: labelsOf(run) },
      data,
    },
    signal,
  });
}

/** What was imported on each node for the run whose agents are there. */
export async function notedImages(
  client: KubeClient,
  signal: AbortSignal,
): Promise<Readonly<Record<string, readonly string[]>>> {
  try {
    const { data } = (await client.request(`${collection}/${name}`, { signal })) as KubeObject;
    const entries = Object.entries((data ?? {}) as Readonly<Record<string, string>>);
    return Object.fromEntries(entries.map(([node, lines]) => [node, lines.split('\n')]));
  } catch (error) {
    if (hasStatus(error, 404)) return {};
    throw error;
  }
}

/** Takes images away; those that are gone already do no harm. */
export async function removeFrom(shell: AgentShell, images: readonly string[], signal: AbortSignal): Promise<void> {
  const there = new Set(await imagesOf(shell, signal));
  const left = images.filter((image) => there.has(image));
  if (left.length > 0) await shell.exec([...ctr, 'remove', ...left], { signal, timeoutMs: 60_000 });
}
