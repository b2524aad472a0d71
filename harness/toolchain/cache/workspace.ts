import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { makeCacheFolder } from './directory.ts';
import { markIsAlive, processMark } from './process-mark.ts';

/** A folder for half-done things, on the same file system as the cache so that what is finished can be renamed into it. */
export interface Workspace extends AsyncDisposable {
  readonly path: string;
}

/** Makes a workspace and removes those that killed processes left behind. */
export async function openWorkspace(cache: string): Promise<Workspace> {
  const parent = await makeCacheFolder(join(cache, 'tmp'));
  await removeStaleWorkspaces(parent);
  const path = await mkdtemp(join(parent, `${processMark()}-`));
  return { path, [Symbol.asyncDispose]: () => removeTree(path) };
}

async function removeStaleWorkspaces(parent: string): Promise<void> {
  const names = await readdir(parent);
  const stale = names.filter((name) => !markIsAlive(name));
  await Promise.all(stale.map((name) => removeTree(join(parent, name))));
}

/** An orphaned compiler may still write into the tree: a few retries, then the next start tries again. */
async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
}
