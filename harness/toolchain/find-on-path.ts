import { constants, realpathSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

import { specOf, type ProgramName } from './programs.ts';

/** Folders that hold system programs but are not on every user's PATH. */
const alsoLookedIn = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
const pluginFolders = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni'];

export interface SearchPath {
  readonly programs: readonly string[];
  readonly plugins: readonly string[];
}

/** The folders to look in, each once under its real name: /bin is often /usr/bin. */
export function searchPathOf(env: Readonly<Record<string, string | undefined>> = process.env): SearchPath {
  const folders = (list: string | undefined, more: readonly string[]): readonly string[] => [
    ...new Set([...(list ?? '').split(delimiter).filter(isAbsolute), ...more].map(realFolder)),
  ];
  return { programs: folders(env['PATH'], alsoLookedIn), plugins: folders(env['CNI_PATH'], pluginFolders) };
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Every place, in order, where a program of that name, or a folder with all its members, lies. Versions are not looked at. */
export async function findOnPath(name: ProgramName, search: SearchPath): Promise<readonly string[]> {
  const { members } = specOf(name);
  const candidates = members ? search.plugins : search.programs.map((folder) => join(folder, name));
  const there = await Promise.all(
    candidates.map(async (candidate) => {
      const files = members?.map((member) => join(candidate, member)) ?? [candidate];
      return (await Promise.all(files.map(isProgram))).every(Boolean);
    }),
  );
  return candidates.filter((_, index) => there[index]);
}
