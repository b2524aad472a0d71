import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { HarnessError } from '../model/errors.ts';
import { shortSize } from './sizes.ts';

/** The bytes that this user may still write on the disk of a folder, which need not exist yet. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder));
  }
}

/**
 * Refuses work for which the disk has no room, before minutes are spent on it.
 * @param measure gives the free bytes of a folder's disk
 * @throws HarnessError `disk-full`
 */
export async function demandRoom(
  what: string,
  bytes: number,
  folders: readonly string[],
  measure: (folder: string) => Promise<number> = freeBytes,
): Promise<void> {
  for (const folder of folders) {
    const free = await measure(folder);
    if (free >= bytes) continue;
    throw new HarnessError(
      'disk-full',
      `${what} needs about ${shortSize(bytes)} of disk; ${folder} has ${shortSize(free)} left`,
      { hint: 'make room, or move the caches with SHAKEDOWN_CACHE, GOCACHE and GOMODCACHE' },
    );
  }
}
