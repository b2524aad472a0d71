import { HarnessError } from '../model/errors.ts';

/** A full disk, said in a sentence; any other error as it is. */
export function diskFullAs(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new HarnessError('disk-full', `There is no room left on the disk that holds ${folder}`, {
    cause: error,
    hint: `make room, or set SHAKEDOWN_CACHE to a folder on a larger disk`,
  });
}
