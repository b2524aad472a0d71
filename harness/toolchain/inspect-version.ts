import { join } from 'node:path';

import { exec } from '../util/exec.ts';
import type { Memo } from './cache/memo.ts';
import { fits, wantedText } from './program.ts';
import { specOf, type ProgramName } from './programs.ts';

/** What a program says of itself. */
export interface Inspected {
  /** The version, empty when it tells none. */
  readonly version: string;
  readonly fits: boolean;
  /** Why it does not fit, for people; empty when it does. */
  readonly because: string;
}

/** Runs a program to learn its version; a program that was looked at before and has not changed is not run again. */
export async function inspectVersion(name: ProgramName, path: string, memo: Memo | null): Promise<Inspected> {
  const { wanted, versionPattern, versionArguments, members } = specOf(name);
  const program = members?.[0] === undefined ? path : join(path, members[0]);
  const look = (): Promise<string | null> => askVersion([program, ...versionArguments], versionPattern);
  const found = memo ? await memo.about(program, `${versionPattern.source} of`, look) : await look();
  if (found === null) return { version: '', fits: false, because: `${path} does not say its version as ${name} does` };
  if (fits(wanted, found)) return { version: found, fits: true, because: '' };
  return { version: found, fits: false, because: `${path} is version ${found}, wanted is ${wantedText(wanted)}` };
}

/** Ten seconds are ample: it only guards against a program that reads or serves instead of answering. */
async function askVersion(argv: readonly string[], pattern: RegExp): Promise<string | null> {
  try {
    const { stdout, stderr } = await exec(argv, { allowFailure: true, timeoutMs: 10_000 });
    const match = pattern.exec(`${stdout}\n${stderr}`);
    return match ? (match[1] ?? '') : null;
  } catch {
    return null;
  }
}
