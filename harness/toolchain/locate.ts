import type { Memo } from './cache/memo.ts';
import { findStored } from './cache/program-store.ts';
import { findOnPath, type SearchPath } from './find-on-path.ts';
import { inspectVersion } from './inspect-version.ts';
import type { ProgramName } from './programs.ts';

/** A program that is ready to run. */
export interface Located {
  readonly name: ProgramName;
  /** Absolute. */
  readonly path: string;
  /** What it says of itself; empty for a program that tells none. */
  readonly version: string;
  /** `PATH`, or where the copy in the cache came from. */
  readonly from: string;
  /** Why what was found on PATH before it does not do. */
  readonly rejected: readonly string[];
}

export interface Missing {
  readonly name: ProgramName;
  /** Why what was found on PATH does not do; empty when nothing was found. */
  readonly rejected: readonly string[];
}

export interface Places {
  readonly cache: string;
  readonly search: SearchPath;
  readonly memo: Memo;
}

/** Looks for a program where it costs nothing: on PATH if the version fits, then in the cache. */
export async function locate(name: ProgramName, { cache, search, memo }: Places): Promise<Located | Missing> {
  const rejected: string[] = [];
  for (const path of await findOnPath(name, search)) {
    const { fits, version, because } = await inspectVersion(name, path, memo);
    if (fits) return { name, path, version, from: 'PATH', rejected };
    rejected.push(because);
  }
  const stored = await findStored(cache, name);
  if (stored) return { name, path: stored.path, version: stored.version, from: stored.from, rejected };
  return { name, rejected };
}

export const isLocated = (found: Located | Missing): found is Located => 'path' in found;
export const isMissing = (found: Located | Missing): found is Missing => !isLocated(found);
