import { basename, join } from 'node:path';

import type { Progress } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { stampOf } from '../../harness/toolchain/cache/file-stamp.ts';
import { cacheDirectory } from '../../harness/toolchain/index.ts';
import type { LayerRecipe } from '../../harness/toolchain/index.ts';
import { goArchitecture } from '../../harness/toolchain/platform.ts';
import { unpackDebianPackage } from '../../harness/toolchain/sources/debian-package.ts';
import { exec } from '../../harness/util/exec.ts';

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

/** Packages that hold libraries; the others that a package depends on are for installing it. */
const holdsLibraries = /^(lib|zlib|bind9-libs)/;
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
  const unpack = async (name: string): Promise<void> => {
    if (!roots.has(name)) roots.set(name, await unpackDebianPackage(name, cache, progress, signal));
  };
  // Those first: they fetch the package lists when there are none, and apt-cache needs them.
  for (const program of programs) await unpack(program.package);
  const { stdout } = await exec(['apt-cache', 'depends', '--recurse', ...recurse, ...roots.keys()], {
    env: { LC_ALL: 'C' },
    signal,
  });
  for (const name of librariesIn(stdout)) await unpack(name);
  const { triple, loader } = machine[goArchitecture()];
  const folders = [...roots.values()].flatMap((root) => [join(root, 'lib', triple), join(root, 'usr/lib', triple)]);
  const loaderFile = await firstThatIs(folders.map((folder) => join(folder, basename(loader))));
  const files = new Map<string, string>([[loader, loaderFile]]);
  for (const program of programs) {
    const from = join(roots.get(program.package) ?? '', program.from);
    files.set(program.to, from);
    const { stdout: listed } = await exec([loaderFile, '--library-path', folders.join(':'), '--list', from], {
      signal,
    });
    for (const [name, path] of linkedIn(listed)) {
      if (!path.startsWith(cache))
        throw new HarnessError('toolchain', `${program.package}: ${name} was expected in a package, found ${path}`);
      files.set(`/usr/lib/${triple}/${name}`, path);
    }
  }
  return { files: [...files].map(([to, from]) => ({ from, to })) };
}

/** Of what `apt-cache depends --recurse` prints, the packages of libraries. Virtual ones stand in angle brackets. */
export const librariesIn = (output: string): readonly string[] =>
  [...new Set(output.split('\n').filter((line) => holdsLibraries.test(line)))].sort();

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
