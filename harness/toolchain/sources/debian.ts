import { HarnessError, messageOf } from '../../model/errors.ts';
import { exec } from '../../util/exec.ts';
import { specOf, type ProgramName } from '../programs.ts';
import { whileTicking } from '../ticker.ts';
import { wantedText } from '../program.ts';
import type { Obtained, ObtainContext, Source } from './source.ts';

/** apt's own wait for another package manager, in seconds. */
const lockSeconds = 120;
const install = ['apt-get', 'install', '-y', '--no-install-recommends'] as const;
const quietly = {
  DEBIAN_FRONTEND: 'noninteractive',
  // Ubuntu's needrestart would ask or restart services.
  NEEDRESTART_MODE: 'l',
  LC_ALL: 'C',
};

/** Runs a command as root and returns what it said and its exit code; replaced by a fake in tests. */
export type RunPackageManager = (
  argv: readonly string[],
  signal: AbortSignal,
) => Promise<{ readonly exitCode: number; readonly output: string }>;

const runForReal: RunPackageManager = async (argv, signal) => {
  const { exitCode, stdout, stderr } = await exec(argv, { env: quietly, signal, allowFailure: true });
  return { exitCode, output: `${stdout}\n${stderr}` };
};

/** Packages of Debian and its children, by apt. It puts programs on PATH and never into the cache. */
export class DebianSource implements Source {
  readonly kind = 'debian';
  readonly #isRoot: boolean;
  readonly #run: RunPackageManager;

  constructor(isRoot: boolean = process.getuid?.() === 0, run: RunPackageManager = runForReal) {
    this.#isRoot = isRoot;
    this.#run = run;
  }

  offers(name: ProgramName): string | null {
    const { debian } = specOf(name);
    return debian === undefined ? null : `Debian package ${debian}`;
  }

  async obtain(
    names: readonly ProgramName[],
    { progress, signal }: ObtainContext,
  ): Promise<ReadonlyMap<ProgramName, Obtained>> {
    const packages = [...new Set(names.map((name) => specOf(name).debian).filter((name) => name !== undefined))].sort();
    const command = [...install, ...packages].join(' ');
    const what = names.map((name) => `${name} (${wantedText(specOf(name).wanted)})`).join(', ');
    if (!this.#isRoot)
      throw new HarnessError('not-here', `Only root can install what is missing: ${what}`, { hint: `sudo ${command}` });
    const line = (soFar: string): string => `installing Debian packages ${packages.join(', ')} (${soFar} so far)`;
    await whileTicking(progress, line, () => this.#install(packages, command, what, signal));
    return new Map();
  }

  async #install(packages: readonly string[], command: string, what: string, signal: AbortSignal): Promise<void> {
    const argv = [...install, '-o', `DPkg::Lock::Timeout=${String(lockSeconds)}`, ...packages];
    if ((await this.#apt(argv, command, what, signal)) === 'installed') return;
    // Package lists that are missing or older than the archive: fetch them once, then try again.
    await this.#apt(['apt-get', 'update'], 'apt-get update', what, signal);
    if ((await this.#apt(argv, command, what, signal)) === 'installed') return;
    throw new HarnessError('toolchain', `apt-get cannot find the packages ${packages.join(', ')}`, { hint: command });
  }

  /** `stale lists` when apt does not know the packages or cannot fetch them by the lists it has. */
  async #apt(
    argv: readonly string[],
    command: string,
    what: string,
    signal: AbortSignal,
  ): Promise<'installed' | 'stale lists'> {
    const { exitCode, output } = await this.#start(argv, what, command, signal);
    if (exitCode === 0) return 'installed';
    if (argv[1] === 'install' && /Unable to locate package|no installation candidate|404 +Not Found/.test(output))
      return 'stale lists';
    throw new HarnessError('toolchain', sentence(output, what, exitCode), { hint: command });
  }

  async #start(
    argv: readonly string[],
    what: string,
    command: string,
    signal: AbortSignal,
  ): Promise<{ readonly exitCode: number; readonly output: string }> {
    try {
      return await this.#run(argv, signal);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof HarnessError && cause.code === 'not-here')
        throw new HarnessError(
          'not-here',
          `Missing are ${what}; there is no apt-get here to install them, so please do it with this system's package manager`,
          { cause, hint: `on Debian or Ubuntu it would be: ${command}` },
        );
      throw new HarnessError('toolchain', `apt-get failed: ${messageOf(cause)}`, { cause, hint: command });
    }
  }
}

function sentence(output: string, what: string, exitCode: number): string {
  const last =
    output
      .split('\n')
      .filter((line) => line.startsWith('E: '))
      .slice(-2)
      .join(' ') || output.trim().slice(-300);
  if (/No space left on device|not enough free space/i.test(output))
    return `There is no room on the disk to install ${what}; apt-get says: ${last}`;
  if (/Could not get lock|Unable to acquire/.test(output))
    return `Another package manager is at work, ${what} could not be installed within ${String(lockSeconds)} s; wait for it and try again; apt-get says: ${last}`;
  if (/Temporary failure resolving|Could not connect|Failed to fetch|Could not resolve/.test(output))
    return `The Debian packages for ${what} could not be fetched, check the network; apt-get says: ${last}`;
  return `apt-get could not install ${what} (exit code ${String(exitCode)}); it says: ${last}`;
}
