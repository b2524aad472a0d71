import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import type { Progress } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { exec } from '../../util/exec.ts';
import { stampOf } from '../cache/file-stamp.ts';
import { withCacheLock } from '../cache/lock.ts';
import { openWorkspace } from '../cache/workspace.ts';

/**
 * The files of a Debian package, unpacked in the cache without installing it: for images, not for this machine.
 * The version is the one that the machine's package lists have.
 * @returns the folder with the package's tree
 * @throws HarnessError `toolchain` | `not-here` when it cannot be fetched; the signal's reason when aborted
 */
export async function unpackDebianPackage(
  name: string,
  cache: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const final = join(cache, 'packages', name);
  if (await stampOf(final)) return final;
  return withCacheLock(cache, progress, signal, async (held) => {
    if (await stampOf(final)) return final;
    await using workspace = await openWorkspace(cache);
    progress(`fetching the Debian package ${name}`);
    const file = await download(name, workspace.path, held);
    const half = join(workspace.path, 'unpacked');
    await exec(['dpkg-deb', '-x', join(workspace.path, file), half], { signal: held });
    await mkdir(join(cache, 'packages'), { recursive: true });
    await rename(half, final);
    return final;
  });
}

/** @returns the name of the .deb file in the folder */
async function download(name: string, folder: string, signal: AbortSignal): Promise<string> {
  const env = { LC_ALL: 'C' };
  const fetchPackage = async (): Promise<string> => {
    const { exitCode, stderr } = await exec(['apt-get', 'download', name], {
      cwd: folder,
      env,
      signal,
      allowFailure: true,
    });
    return exitCode === 0 ? '' : stderr.trim();
  };
  if ((await fetchPackage()) !== '') {
    // The lists may be missing or older than the archive. Only root may fetch them; then the second attempt says so.
    await exec(['apt-get', 'update'], { env, signal, allowFailure: true });
    const complaint = await fetchPackage();
    if (complaint !== '')
      throw new HarnessError(
        'toolchain',
        `The Debian package ${name} could not be fetched; apt-get says: ${complaint.slice(-300)}`,
        {
          hint: 'check the network, then as root: apt-get update',
        },
      );
  }
  const file = (await readdir(folder)).find((entry) => entry.endsWith('.deb'));
  if (file === undefined) throw new HarnessError('toolchain', `apt-get download ${name} left no .deb file`);
  return file;
}
