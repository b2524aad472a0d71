import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lock } from 'proper-lockfile';

import type { Progress } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { startTicking } from '../ticker.ts';
import { makeCacheFolder } from './directory.ts';

/** Longer than any build on a slow machine. */
const longestWaitMs = 60 * 60_000;

/**
 * Does work that changes the cache while no other process does. The lock of a process that was killed is free after 15 s.
 * @param work is given a signal that also tells when the lock was lost
 * @throws HarnessError `timed-out` after an hour; the signal's reason when aborted
 */
export async function withCacheLock<T>(
  cache: string,
  progress: Progress,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await makeCacheFolder(cache);
  const lost = new AbortController();
  const release = await acquire(cache, progress, signal, (cause) => {
    lost.abort(new HarnessError('toolchain', `The lock of the cache ${cache} was lost`, { cause, hint: 'try again' }));
  });
  try {
    await writeFile(ownerFile(cache), String(process.pid));
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    // A lost lock has nothing to release; the work has already failed with that reason.
    if (!lost.signal.aborted) await release();
  }
}

const ownerFile = (cache: string): string => join(cache, 'lock-owner');

async function acquire(
  cache: string,
  progress: Progress,
  signal: AbortSignal,
  onCompromised: (error: Error) => void,
): Promise<() => Promise<void>> {
  let owner = '';
  using saying = new DisposableStack();
  return await eventually(
    `the lock of the cache ${cache}`,
    { withinMs: longestWaitMs, everyMs: 500, signal },
    async () => {
      try {
        const options = {
          lockfilePath: join(cache, 'lock'),
          realpath: false,
          stale: 15_000,
          update: 3_000,
          onCompromised,
        };
        return yes(await lock(cache, options));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
        const first = owner === '';
        owner = await readFile(ownerFile(cache), 'utf8').catch(() => 'unknown');
        const line = (soFar: string): string =>
          `waiting for another run (process ${owner}) that fills the cache; ${soFar} so far`;
        if (first) saying.use(startTicking(progress, line));
        return notYet(`held by process ${owner}`);
      }
    },
  );
}
