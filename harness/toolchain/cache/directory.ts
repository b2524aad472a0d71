import { mkdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';

import envPaths from 'env-paths';

import { HarnessError } from '../../model/errors.ts';

/**
 * Where built and downloaded programs and images are kept: $SHAKEDOWN_CACHE, else $XDG_CACHE_HOME/shakedown, else ~/.cache/shakedown.
 * @throws HarnessError `bad-input` when $SHAKEDOWN_CACHE is not an absolute path
 */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = env['SHAKEDOWN_CACHE'];
  if (chosen === undefined || chosen === '') return envPaths('shakedown', { suffix: '' }).cache;
  if (!isAbsolute(chosen))
    throw new HarnessError('bad-input', `SHAKEDOWN_CACHE: expected an absolute path, found '${chosen}'`);
  return chosen;
}

/**
 * Makes a folder of the cache.
 * @throws HarnessError `toolchain` when this user may not, `disk-full` when there is no room
 */
export async function makeCacheFolder(path: string): Promise<string> {
  try {
    await makeWithParents(path);
    return path;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new HarnessError('disk-full', `There is no room on the disk for ${path}`, { cause });
    throw new HarnessError('toolchain', `The cache folder ${path} cannot be made`, {
      cause,
      hint: 'set SHAKEDOWN_CACHE to a folder that this user may write to',
    });
  }
}

/** Not mkdir's own `recursive`: Node 24 tries for ever below /proc, where a folder is refused with ENOENT. */
async function makeWithParents(path: string, parentMade = false): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || parentMade || dirname(path) === path) throw error;
    await makeWithParents(dirname(path));
    await makeWithParents(path, true);
  }
}
