import { basename, dirname, join } from 'node:path';

import type { Progress } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { exec } from '../../util/exec.ts';
import { cacheDirectory } from '../cache/directory.ts';
import { stampOf } from '../cache/file-stamp.ts';
import { goArchitecture } from '../platform.ts';
import { unpackDebianPackage } from '../sources/debian-package.ts';
import type { LayerRecipe } from './recipe.ts';

/** A program of a Debian package and the path that it has in the image. */
export interface LinkedProgram {
  readonly package: string;
  readonly from: string;
  readonly to: string;
}

const machine = {
  amd64: { triple: 'x86_64-linux-gnu', loader: '/lib64/ld-linux-x86-64.so.2' },
  arm64: { triple: 'aarch64-linux-gnu', loader: '/lib/ld-linux-aarch64.so.1' },
} as const;

/** Packages that hold libraries of machine code; the others that a package depends on are for installing it. */
const holdsLibraries = /^(lib(?!js-)|zlib|bind9-libs)/;
const recurse = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);

/**
 * A layer with dynamically linked programs, their libraries and the loader, all from Debian packages that need not be installed.
 * @throws HarnessError `toolchain` | `not-here` when a package cannot be fetched or lacks something; the signal's reason when aborted
 */
export async function linkedLayer(
  programs: readonly LinkedProgram[],
  progress: Progress,
  signal: AbortSignal,
  cache: string = cacheDirectory(),
): Promise<LayerRecipe> {
  const roots = new Map<string, string>();
  const unpack = async (names: readonly string[]): Promise<void> => {
    for (const name of names)
      if (!roots.has(name)) roots.set(name, await unpackDebianPackage(name, cache, progress, signal));
  };
  // Those first: they fetch the package lists when there are none, and apt-cache needs them.
  const packages = programs.map((program) => program.package);
  await unpack([...packages, 'libc6']);
  // Many need nothing but the C library.
  const found = await find(programs, roots, signal);
  if (found.missing.length === 0) return asLayer(found);
  const { stdout } = await exec(['apt-cache', 'depends', '--recurse', ...recurse, ...packages], {
    env: { LC_ALL: 'C' },
    signal,
  });
  await unpack(librariesIn(stdout));
  return asLayer(await find(programs, roots, signal));
}

interface Found {
  /** What the image holds, by the path in it. */
  readonly files: ReadonlyMap<string, string>;
  /** The libraries that no unpacked package has. */
  readonly missing: readonly string[];
}

/** The programs, what they are linked to, and the loader, in the packages that are unpacked. */
async function find(
  programs: readonly LinkedProgram[],
  roots: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Found> {
  const { triple, loader } = machine[goArchitecture()];
  const folders = [...roots.values()].flatMap((root) => [join(root, 'lib', triple), join(root, 'usr/lib', triple)]);
  const loaderFile = await firstThatIs(folders.map((folder) => join(folder, basename(loader))));
  const files = new Map<string, string>([[loader, loaderFile]]);
  const missing: string[] = [];
  for (const program of programs) {
    const from = join(roots.get(program.package) ?? '', program.from);
    files.set(program.to, from);
    const argv = [loaderFile, '--inhibit-cache', '--library-path', folders.join(':'), '--list', from];
    const { stdout } = await exec(argv, { signal });
    missing.push(...missingIn(stdout));
    for (const [name, path] of linkedIn(stdout)) {
      // The loader also looks where this machine has its own libraries, which are of another make.
      if (folders.includes(dirname(path))) files.set(`/usr/lib/${triple}/${name}`, path);
      else missing.push(name);
    }
  }
  return { files, missing };
}

/** @throws HarnessError `toolchain` when a library is in no package */
function asLayer({ files, missing: [lacking] }: Found): LayerRecipe {
  if (lacking !== undefined)
    throw new HarnessError('toolchain', `${lacking} was expected in a package that a program needs; it is in none`);
  return { files: [...files].map(([to, from]) => ({ from, to })) };
}

/** Of what `apt-cache depends --recurse` prints, the packages of libraries. Virtual ones stand in angle brackets. */
export const librariesIn = (output: string): readonly string[] =>
  [...new Set(output.split('\n').filter((line) => holdsLibraries.test(line)))].sort();

/** The libraries that the loader's `--list` does not find. */
export const missingIn = (output: string): readonly string[] =>
  [...output.matchAll(/^\s+(\S+) => not found/gm)].map(([, name = '']) => name);

/** The libraries, by name, of what the loader's `--list` prints; the kernel's own and the loader have no arrow to a library. */
export function linkedIn(output: string): ReadonlyMap<string, string> {
  const found = output.matchAll(/^\s+(\S+) => (\/\S+) \(0x/gm);
  return new Map(
    [...found].map(([, name = '', path = '']) => [name, path] as const).filter(([name]) => !name.includes('/')),
  );
}

async function firstThatIs(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await stampOf(path)) return path;
  throw new HarnessError('toolchain', `Debian's libc6 was expected to hold ${basename(paths[0] ?? '')}; it does not`);
}
