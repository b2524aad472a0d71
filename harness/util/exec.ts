import { createWriteStream } from 'node:fs';

import { execa } from 'execa';

import type { Ran, Running, Shell, SpawnOptions } from '../model/cluster.ts';
import { execHere, ran, type Ended, type HostExecOptions } from './exec-here.ts';
import { readyHelper } from './exec-helper.ts';

export { commandFailed, commandTimedOut } from './exec-here.ts';

/**
 * Runs a command of this machine to its end; a process that has grown lets a small one start it.
 * @throws HarnessError `command-failed` | `timed-out` | `not-here` (no such program); the signal's reason when aborted
 */
export async function exec(argv: readonly string[], options: HostExecOptions = {}): Promise<Ran> {
  const helper = readyHelper();
  return helper === null ? execHere(argv, options) : helper.exec(argv, options);
}

/** Starts a command of this machine that goes on. */
export function spawn(argv: readonly string[], options: SpawnOptions = {}): Running {
  const [file = '', ...args] = argv;
  const child = execa(file, args, {
    reject: false,
    stdin: 'ignore',
    buffer: false,
    forceKillAfterDelay: 3_000,
    // A Ctrl-C on the terminal is for the harness, which then ends this program in its turn.
    detached: true,
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (options.logFile !== undefined) {
    const log = createWriteStream(options.logFile, { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    void child.finally(() => log.end());
  } else {
    child.stderr.resume();
  }
  const done = child.then((ended) => ran(ended as Ended));
  return {
    lines:
      options.logFile === undefined
        ? child.iterable({ from: 'stdout' })
        : (async function* none() {
            /* logged */
          })(),
    done,
    kill: (signal) => void child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await done;
    },
  };
}

/** This machine as a shell. */
export const hostShell: Shell = { name: 'host', exec, spawn };

/** A shell that runs every command behind a prefix, such as `nsenter --net=/run/netns/x`. */
export function prefixed(name: string, prefix: () => readonly string[], base: Shell = hostShell): Shell {
  return {
    name,
    exec: (argv, options) => base.exec([...prefix(), ...argv], options),
    spawn: (argv, options) => base.spawn([...prefix(), ...argv], options),
  };
}
