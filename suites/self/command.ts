import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { root } from '../../harness/util/paths.ts';

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `shakedown` as a user would, in a directory of its own, with the runs stored there. */
export function shakedown(
  directory: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Result {
  const { status, stdout, stderr } = spawnSync(join(root, 'bin/shakedown'), argv, {
    cwd: directory,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, SHAKEDOWN_RUNS: join(directory, 'runs'), SHAKEDOWN_DEBUG: '', ...env },
  });
  return { code: status, stdout, stderr };
}
