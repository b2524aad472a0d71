import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Progress } from '../../harness/model/cluster.ts';
import { makeCacheFolder } from '../../harness/toolchain/cache/directory.ts';
import { stampOf } from '../../harness/toolchain/cache/file-stamp.ts';
import { withCacheLock } from '../../harness/toolchain/cache/lock.ts';
import { openWorkspace } from '../../harness/toolchain/cache/workspace.ts';
import { demandRoom } from '../../harness/toolchain/disk.ts';
import { cacheDirectory, pins } from '../../harness/toolchain/index.ts';
import { goArchitecture } from '../../harness/toolchain/platform.ts';
import { buildEnvironment, findGo, type Go } from '../../harness/toolchain/sources/go-environment.ts';
import { goFailure } from '../../harness/toolchain/sources/go-failure.ts';
import { goModules } from '../../harness/toolchain/sources/go-modules.ts';
import { whileTicking } from '../../harness/toolchain/ticker.ts';
import { exec } from '../../harness/util/exec.ts';

/** Pins what is built here and nowhere else; its go.mod must name the Kubernetes of the toolchain: a test compares them. */
export const moduleFolder = join(import.meta.dirname, 'module');

/** The tests' own programs, all static. */
export interface ConformancePrograms {
  readonly e2e: string;
  readonly ginkgo: string;
  readonly sampleApiserver: string;
  /** Tells its effective user; the image that uses it sets its setuid bit. */
  readonly nonewprivs: string;
  /** `test/images` of the Kubernetes module: files that test images hold. */
  readonly testImages: string;
}

const what = `the conformance tests of Kubernetes ${pins.kubernetes}`;
const e2ePackage = 'k8s.io/kubernetes/test/e2e';
const otherPackages = [
  'github.com/onsi/ginkgo/v2/ginkgo',
  'k8s.io/sample-apiserver',
  'k8s.io/kubernetes/test/images/nonewprivs',
];
/** What the Go caches and the result need when only the tests' own packages are left to compile, in bytes. */
const roomBytes = 2.5 * 1024 ** 3;

/**
 * Builds the tests and what their images need from pinned Go modules, once for each state of the pins.
 * @throws HarnessError `toolchain` | `disk-full`; the signal's reason when aborted
 */
export async function buildPrograms(
  progress: Progress,
  signal: AbortSignal,
  cache: string = cacheDirectory(),
): Promise<ConformancePrograms> {
  const go = await findGo(what, signal);
  const folder = join(cache, 'programs', 'conformance', await keyOfModule());
  if (!(await stampOf(folder)))
    await withCacheLock(cache, progress, signal, async (held) => {
      if (!(await stampOf(folder))) await build(go, folder, cache, progress, held);
    });
  const list = [go.path, 'list', '-m', '-f', '{{.Dir}}', 'k8s.io/kubernetes'];
  const { stdout } = await exec(list, { cwd: moduleFolder, env: buildEnvironment('/tmp'), signal });
  return {
    e2e: join(folder, 'e2e.test'),
    ginkgo: join(folder, 'ginkgo'),
    sampleApiserver: join(folder, 'sample-apiserver'),
    nonewprivs: join(folder, 'nonewprivs'),
    testImages: join(stdout.trim(), 'test', 'images'),
  };
}

async function keyOfModule(): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify([goArchitecture(), e2ePackage, ...otherPackages]));
  for (const file of ['go.mod', 'go.sum']) digest.update(await readFile(join(moduleFolder, file)));
  return digest.digest('hex').slice(0, 16);
}

async function build(go: Go, final: string, cache: string, progress: Progress, signal: AbortSignal): Promise<void> {
  await demandRoom(`Building ${what}`, roomBytes, [go.buildCache, go.moduleCache, cache]);
  await using workspace = await openWorkspace(cache);
  const output = join(workspace.path, 'conformance');
  const temporary = join(workspace.path, 'tmp');
  await mkdir(output);
  await mkdir(temporary);
  // The tests compare their own version with the API server's.
  const linker = ['-s', '-w', ...goModules.kubernetes.stamps('').map((stamp) => `-X ${stamp}`)].join(' ');
  const flags = ['-trimpath', '-ldflags', linker];
  const run = async (argv: readonly string[]): Promise<void> => {
    // A build of minutes leaves the processors to whoever else wants them.
    const options = { cwd: moduleFolder, env: buildEnvironment(temporary), signal, allowFailure: true };
    const { exitCode, stdout, stderr } = await exec(['nice', '-n', '19', go.path, ...argv], options);
    signal.throwIfAborted();
    if (exitCode !== 0) throw goFailure(stderr || stdout, what);
  };
  const line = (soFar: string): string =>
    `building ${what} from Go modules (about 4 min on 2 idle cores after Kubernetes itself; ${soFar} so far)`;
  await whileTicking(progress, line, async () => {
    await run(['test', '-c', '-vet=off', ...flags, '-o', join(output, 'e2e.test'), e2ePackage]);
    await run(['build', ...flags, '-o', `${output}/`, ...otherPackages]);
  });
  await makeCacheFolder(join(final, '..'));
  await rm(final, { recursive: true, force: true });
  await rename(output, final);
}
