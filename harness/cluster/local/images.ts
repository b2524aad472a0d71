import { readFile, rename, writeFile } from 'node:fs/promises';

import { HarnessError } from '../../model/errors.ts';
import { exec } from '../../util/exec.ts';
import { nodeShell } from './node-shell.ts';
import { clusterPaths } from './paths.ts';
import type { NodePlan } from './plan.ts';
import { programPath } from './programs.ts';
import { containerdSocket } from './services/worker.ts';
import type { ClusterState } from './state.ts';

/** Which images an archive or a node has: the file of the image's configuration, a hash of all of it, by its name. */
export type ImageList = Readonly<Record<string, string>>;

/** Imports the archives on every node that lacks some image of them, all nodes at once. */
export async function loadOn(state: ClusterState, archives: readonly string[], signal: AbortSignal): Promise<void> {
  const lists = await Promise.all(archives.map(async (archive) => [archive, await imagesIn(archive)] as const));
  await Promise.all(state.plan.nodes.map((node) => loadOnNode(node, state, lists, signal)));
}

async function loadOnNode(
  node: NodePlan,
  state: ClusterState,
  lists: readonly (readonly [string, ImageList])[],
  signal: AbortSignal,
): Promise<void> {
  const ctr = [programPath(state.programs)('ctr'), '--address', containerdSocket, '--namespace', 'k8s.io'];
  const shell = nodeShell(node, state);
  const file = clusterPaths(state.plan.name).node(node.name).images;
  for (const [archive, list] of lists) {
    const there = JSON.parse(await readFile(file, 'utf8')) as ImageList;
    if (Object.entries(list).every(([name, hash]) => there[name] === hash)) continue;
    // The archive is read here and not on the node, whose folders may hide it.
    const script = 'exec "$@" < "$0"';
    await exec(['sh', '-c', script, archive, ...shell.argv([...ctr, 'images', 'import', '-'])], {
      signal,
      timeoutMs: 300_000,
    });
    await writeImages(file, { ...there, ...list });
  }
}

export async function writeImages(file: string, list: ImageList): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(list));
  await rename(`${file}.new`, file);
}

/** @throws HarnessError `bad-input` when the file is no docker-format archive */
export async function imagesIn(archive: string): Promise<ImageList> {
  try {
    // tar skips over the layers of a file, so that this takes milliseconds.
    const { stdout } = await exec(['tar', '--extract', '--to-stdout', '--file', archive, 'manifest.json']);
    const manifests = JSON.parse(stdout) as { readonly Config: string; readonly RepoTags: readonly string[] | null }[];
    return Object.fromEntries(
      manifests.flatMap(({ Config, RepoTags }) => (RepoTags ?? []).map((tag) => [tag, Config])),
    );
  } catch (cause) {
    throw new HarnessError('bad-input', `${archive}: expected an image archive as docker save writes it`, { cause });
  }
}
