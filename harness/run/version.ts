import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { exec } from '../util/exec.ts';

/** The root of the harness's own checkout. */
export const repository = join(import.meta.dirname, '../..');

/** The harness's version and commit; `-dirty` marks a tree with changes, `unknown` one that is no git checkout. */
export async function harnessVersion(): Promise<{ readonly version: string; readonly commit: string }> {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const { stdout, exitCode } = await exec(
    ['git', '-C', repository, 'describe', '--always', '--dirty', '--exclude=*', '--abbrev=12'],
    { allowFailure: true },
  );
  return { version, commit: exitCode === 0 ? stdout.trim() : 'unknown' };
}
