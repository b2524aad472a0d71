import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { exec } from '../util/exec.ts';
import { root } from '../util/paths.ts';

/** The harness's version and commit; `-dirty` marks a tree with changes, `unknown` one that is no git checkout. */
export async function harnessVersion(): Promise<{ readonly version: string; readonly commit: string }> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const { stdout, exitCode } = await exec(
    ['git', '-C', root, 'describe', '--always', '--dirty', '--exclude=*', '--abbrev=12'],
    { allowFailure: true },
  );
  return { version, commit: exitCode === 0 ? stdout.trim() : 'unknown' };
}
