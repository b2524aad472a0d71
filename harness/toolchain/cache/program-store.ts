import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { goArchitecture } from '../platform.ts';
import { specOf, type ProgramName } from '../programs.ts';
import { goModules, modulesFolder, type ModuleName } from '../sources/go-modules.ts';
import { sameStamp, stampOf } from './file-stamp.ts';

const manifestSchema = z.object({
  program: z.string(),
  version: z.string(),
  /** `release` or `module`, and from where in words. */
  kind: z.enum(['release', 'module', 'debian']),
  from: z.string(),
  size: z.number(),
  mtimeMs: z.number(),
});
type Manifest = z.infer<typeof manifestSchema>;

/** A program of the cache that is whole and of the wanted version. */
export interface Stored extends Manifest {
  readonly path: string;
}

/** The hash of what a module's folder pins, read once in a process. */
const moduleHashes = new Map<ModuleName, Promise<string>>();

async function hashModule(module: ModuleName): Promise<string> {
  const folder = join(modulesFolder, module);
  const files = (await readdir(folder)).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file)).sort();
  const digest = createHash('sha256').update(JSON.stringify(goModules[module].stamps('')));
  for (const file of files) digest.update(await readFile(join(folder, file)));
  return digest.digest('hex');
}

/** Changes whenever a pin, a stamp or the processor does: then the program is obtained anew. */
async function keyOf(name: ProgramName): Promise<string> {
  const { module, wanted } = specOf(name);
  const parts: unknown[] = [goArchitecture(), name, wanted];
  if (module) {
    const hash = moduleHashes.get(module.module) ?? hashModule(module.module);
    moduleHashes.set(module.module, hash);
    parts.push(module, await hash);
  }
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

const folderOf = async (cache: string, name: ProgramName): Promise<string> =>
  join(cache, 'programs', name, await keyOf(name));

/** Looks a program up without running it: its manifest must be whole and its size and time as they were. */
export async function findStored(cache: string, name: ProgramName): Promise<Stored | null> {
  const folder = await folderOf(cache, name);
  const path = join(folder, name);
  const stamp = await stampOf(path);
  if (!stamp) return null;
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    return sameStamp(stamp, manifest) ? { ...manifest, path } : null;
  } catch {
    return null;
  }
}

/**
 * Moves a finished and checked program into the cache in one step, so that it is there whole or not at all.
 * Only for a holder of the cache's lock; `file` lies on the cache's file system.
 */
export async function store(
  cache: string,
  name: ProgramName,
  file: string,
  facts: Pick<Manifest, 'version' | 'kind' | 'from'>,
): Promise<Stored> {
  const half = `${file}.stored`;
  await mkdir(half);
  await rename(file, join(half, name));
  await chmod(join(half, name), 0o755);
  await flush(join(half, name));
  const stamp = await stampOf(join(half, name));
  if (!stamp) throw new Error(`${half}/${name} vanished`);
  const manifest: Manifest = { program: name, ...facts, ...stamp };
  await writeFile(join(half, 'manifest.json'), JSON.stringify(manifest, null, 1));
  const folder = await folderOf(cache, name);
  await mkdir(dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(half, folder);
  return { ...manifest, path: join(folder, name) };
}

/** Without this a power cut could leave a file of the right size and no content. */
async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}
