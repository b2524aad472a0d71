import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Progress } from '../../model/cluster.ts';
import { openWorkspace } from '../../toolchain/cache/workspace.ts';
import { exec, spawn } from '../../util/exec.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { containerdConfig } from './services/worker.ts';
import type { ProgramPath } from './services/service.ts';

/**
 * A containerd store with the images imported and unpacked, made once in the cache. Nodes get hard links of its
 * files, which are only ever read, and copies of its databases: 9 nodes share one copy on disk and in memory.
 */
export async function seedStore(
  archives: readonly string[],
  cache: string,
  program: ProgramPath,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(cache, 'containerd');
  const final = join(folder, await keyOf(archives, program));
  const known = await access(join(final, 'complete')).then(
    () => true,
    () => false,
  );
  if (known) return final;
  progress('unpacking the images that every node has');
  await mkdir(folder, { recursive: true });
  await using workspace = await openWorkspace(cache);
  const half = join(workspace.path, 'seed');
  await mkdir(half);
  await importInto(half, archives, program, signal);
  await writeFile(join(half, 'complete'), '');
  await rename(half, final).catch((error: unknown) => {
    // Another run was quicker.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  });
  return final;
}

async function keyOf(archives: readonly string[], program: ProgramPath): Promise<string> {
  const hash = createHash('sha256').update((await exec([program('containerd'), '--version'])).stdout);
  for (const archive of archives) {
    const { size, mtimeMs } = await stat(archive);
    hash.update(`\n${archive} ${String(size)} ${String(mtimeMs)}`);
  }
  return hash.digest('hex').slice(0, 32);
}

async function importInto(
  folder: string,
  archives: readonly string[],
  program: ProgramPath,
  signal: AbortSignal,
): Promise<void> {
  const state = join(folder, 'run');
  const socket = join(state, 'containerd.sock');
  await mkdir(state);
  const config = join(folder, 'config.toml');
  await writeFile(config, seedConfig(folder, state, program));
  // It must not outlive this process, however that ends.
  const argv = ['setpriv', '--pdeathsig', 'KILL', program('unshare'), '--mount', program('containerd')];
  await using daemon = spawn([...argv, `--config=${config}`], { signal, logFile: join(folder, 'log') });
  const ctr = [program('ctr'), '--address', socket, '--namespace', 'k8s.io'];
  await eventually('containerd of the image store', { withinMs: 20_000, everyMs: 50, signal }, async () => {
    const { exitCode, stderr } = await exec([...ctr, 'version'], { signal, allowFailure: true });
    return exitCode === 0 ? yes(null) : notYet(stderr);
  });
  for (const archive of archives) await exec([...ctr, 'images', 'import', archive], { signal, timeoutMs: 300_000 });
  daemon.kill('SIGTERM');
  await daemon.done;
  await rm(state, { recursive: true, force: true });
}

const seedConfig = (folder: string, state: string, program: ProgramPath): string =>
  containerdConfig('unused', '/nonexistent', program('runc'))
    .replace('/var/lib/containerd', join(folder, 'store'))
    .replaceAll('/run/containerd', state)
    .replace('disabled_plugins = [', 'disabled_plugins = ["io.containerd.grpc.v1.cri", ');

/** Gives a node the store at `target`, which must not exist yet. */
export async function plantStore(seed: string, target: string): Promise<void> {
  // Hard links where the file system allows; the databases are written to, so they are copies.
  await exec([
    'sh',
    '-c',
    `cp -al "$1/store" "$2" 2>/dev/null || { rm -rf "$2"; cp -a --reflink=auto "$1/store" "$2"; }
cd "$1/store" && find . -name '*.db' -exec cp -a --remove-destination {} "$2/{}" \\;`,
    'plant',
    seed,
    target,
  ]);
}
