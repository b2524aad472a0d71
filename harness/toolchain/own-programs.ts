import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import type { Progress } from '../model/cluster.ts';
import { exec } from '../util/exec.ts';
import { cacheDirectory, makeCacheFolder } from './cache/directory.ts';
import { stampOf } from './cache/file-stamp.ts';
import { openWorkspace } from './cache/workspace.ts';
import { diskFullAs } from './errors.ts';
import { goArchitecture } from './platform.ts';
import { buildEnvironment, findGo } from './sources/go-environment.ts';
import { goFailure } from './sources/go-failure.ts';

/** A Go program of this repository: a folder with its own go.mod and a main package at its root. */
export interface OwnProgram {
  readonly name: string;
  readonly folder: string;
}

/** Twelve hex digits that change whenever the program's source does: for image tags and the cache. */
export function ownProgramKey({ folder }: OwnProgram): string {
  const digest = createHash('sha256').update(goArchitecture());
  const files = readdirSync(folder).filter((file) => /^go\.(mod|sum)$|(?<!_test)\.go$/.test(file));
  for (const file of files.sort()) digest.update(file).update(readFileSync(join(folder, file)));
  return digest.digest('hex').slice(0, 12);
}

/**
 * Builds a static program from its source here, once for each state of that source. Two builds at once do no harm: each
 * moves a whole file into the cache.
 * @returns the program's path in the cache
 * @throws HarnessError `toolchain` | `disk-full`; the signal's reason when aborted
 */
export async function buildOwnProgram(
  program: OwnProgram,
  progress: Progress,
  signal: AbortSignal,
  cache: string = cacheDirectory(),
): Promise<string> {
  const folder = await makeCacheFolder(join(cache, 'programs', program.name, ownProgramKey(program)));
  const path = join(folder, program.name);
  if (await stampOf(path)) return path;
  progress(`building ${program.name} from ${program.folder}`);
  const go = await findGo(program.name, signal);
  await using workspace = await openWorkspace(cache);
  const built = join(workspace.path, program.name);
  const argv = [go.path, 'build', '-trimpath', '-ldflags', '-s -w', '-o', built, '.'];
  const env = buildEnvironment(workspace.path);
  const { exitCode, stdout, stderr } = await exec(argv, { cwd: program.folder, env, signal, allowFailure: true });
  signal.throwIfAborted();
  if (exitCode !== 0) throw goFailure(stderr || stdout, program.name);
  try {
    await rename(built, path);
  } catch (error) {
    throw diskFullAs(error, folder);
  }
  return path;
}
