import { mkdir, statfs } from 'node:fs/promises';

import { HarnessError } from '../../model/errors.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { clusterPaths, stateRoot } from './paths.ts';
import { remainsOf } from './remove.ts';

/** What nine nodes with their logs and a workload's images may grow to. */
export const neededBytes = 3 * 1024 ** 3;

/**
 * Takes a name: the cluster's folder is its claim, and whoever makes it owns the name.
 * @throws HarnessError `cluster-exists` | `disk-full`
 */
export async function claimName(name: string): Promise<void> {
  const exists = new HarnessError('cluster-exists', `A cluster named '${name}' already exists`, {
    hint: `shakedown status ${name}, or shakedown down ${name}`,
  });
  await mkdir(stateRoot(), { recursive: true });
  const { bavail, bsize } = await statfs(stateRoot());
  if (bavail * bsize < neededBytes)
    throw new HarnessError(
      'disk-full',
      `A cluster needs ${(neededBytes / 1024 ** 3).toFixed(0)} GiB in ${stateRoot()}; there are ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB`,
      { hint: 'make room, or set SHAKEDOWN_STATE to a folder on another disk' },
    );
  if ((await remainsOf(name)).length > 0) throw exists;
  await eventually('the folder of the cluster', { withinMs: 2_000, everyMs: 10 }, async () => {
    // The removal of the last cluster takes the folder of all clusters with it.
    await mkdir(stateRoot(), { recursive: true });
    try {
      await mkdir(clusterPaths(name).root);
      return yes(null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw exists;
      if (code !== 'ENOENT') throw error;
      return notYet('removed again');
    }
  });
}
