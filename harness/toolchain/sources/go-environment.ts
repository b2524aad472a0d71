import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

import { z } from 'zod';

import { HarnessError } from '../../model/errors.ts';
import { exec } from '../../util/exec.ts';
import { goArchitecture } from '../platform.ts';
import { fits } from '../program.ts';

/** What the modules in modules/ ask for, at most. */
export const neededGo = '1.26';
/** From here on Go fetches a newer toolchain by itself, unless told not to. */
const fetchesToolchains = '1.21';

const goFacts = z.object({
  GOVERSION: z.string(),
  GOTOOLCHAIN: z.string().optional(),
  GOCACHE: z.string(),
  GOMODCACHE: z.string(),
});

export interface Go {
  readonly path: string;
  readonly version: string;
  readonly buildCache: string;
  readonly moduleCache: string;
}

/** The user's own Go settings must not change what is built: no workspace, no vendor folder, static programs for this machine. */
export function buildEnvironment(temporary: string): Readonly<Record<string, string>> {
  return {
    CGO_ENABLED: '0',
    GOWORK: 'off',
    // Not empty: an empty value would fall back to the user's `go env -w` settings.
    GOFLAGS: '-mod=readonly -buildvcs=false',
    GO111MODULE: 'on',
    GOOS: 'linux',
    GOARCH: goArchitecture(),
    // The linker's temporary files go with the workspace when a build is killed.
    GOTMPDIR: temporary,
  };
}

const installHint = `install Go ${neededGo} or newer from https://go.dev/dl and put its bin folder on PATH`;

/** Where Go is looked for: PATH, then where its own installer and distributions put it. */
export function goFolders(pathVariable: string = process.env['PATH'] ?? ''): readonly string[] {
  return [...pathVariable.split(delimiter).filter(isAbsolute), '/usr/local/go/bin', '/usr/lib/go/bin'];
}

async function goProgram(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const candidate = join(folder, 'go');
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return candidate;
  }
  return null;
}

/**
 * Finds the Go compiler and checks that it can build what is pinned.
 * @param what the programs it is needed for, named in errors
 * @throws HarnessError `toolchain` when Go is missing, or too old and not able or allowed to fetch a newer one
 */
export async function findGo(what: string, signal: AbortSignal, folders: readonly string[] = goFolders()): Promise<Go> {
  const path = await goProgram(folders);
  if (path === null)
    throw new HarnessError('toolchain', `Go is missing; it is needed to build ${what}`, { hint: installHint });
  const names = ['GOVERSION', 'GOTOOLCHAIN', 'GOCACHE', 'GOMODCACHE'];
  // Outside of any module, so that no go.mod of the current folder has a say.
  const { stdout, exitCode, stderr } = await exec([path, 'env', '-json', ...names], {
    cwd: '/',
    signal,
    allowFailure: true,
  });
  const facts = goFacts.safeParse(exitCode === 0 ? JSON.parse(stdout) : null);
  if (!facts.success)
    throw new HarnessError(
      'toolchain',
      `${path} does not tell its settings; it is needed to build ${what}; it says: ${stderr.trim().slice(0, 300)}`,
      { hint: installHint },
    );
  const { GOVERSION, GOTOOLCHAIN = 'auto', GOCACHE, GOMODCACHE } = facts.data;
  const version = GOVERSION.replace(/^go/, '');
  if (!fits({ atLeast: neededGo }, version)) {
    const old = `Go ${version} (${path}) is too old to build ${what}; ${neededGo} is needed`;
    if (!fits({ atLeast: fetchesToolchains }, version)) throw new HarnessError('toolchain', old, { hint: installHint });
    if (GOTOOLCHAIN === 'local')
      throw new HarnessError('toolchain', `${old}, and GOTOOLCHAIN=local forbids it to fetch a newer one`, {
        hint: `set GOTOOLCHAIN=auto, or ${installHint}`,
      });
  }
  return { path, version, buildCache: GOCACHE, moduleCache: GOMODCACHE };
}
