import { createWriteStream } from 'node:fs';
import { constants } from 'node:os';

import { execa, type Options } from 'execa';

import type { ExecOptions, Ran, Running, Shell, SpawnOptions } from '../model/cluster.ts';
import { formatMs } from '../model/duration.ts';
import { HarnessError } from '../model/errors.ts';

interface Ended {
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly failed: boolean;
}

function ran(ended: Ended): Ran {
  const signalled = ended.signal === undefined ? undefined : 128 + constants.signals[ended.signal as NodeJS.Signals];
  const text = (stream: unknown): string => (typeof stream === 'string' ? stream : '');
  return { stdout: text(ended.stdout), stderr: text(ended.stderr), exitCode: ended.exitCode ?? signalled ?? 127 };
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-8).join('\n').slice(-2_000);

/**
 * Runs a command of this machine to its end.
 * @throws HarnessError `command-failed` | `timed-out` | `not-here` (no such program); the signal's reason when aborted
 */
export async function exec(
  argv: readonly string[],
  options: ExecOptions & { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> {
  const [file = '', ...args] = argv;
  const settings: Options = {
    reject: false,
    stripFinalNewline: true,
    maxBuffer: 64 * 1024 * 1024,
    forceKillAfterDelay: 2_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  };
  const ended = (await execa(file, args, settings)) as Ended;
  const result = ran(ended);
  if (ended.isCanceled) options.signal?.throwIfAborted();
  if (ended.code === 'ENOENT')
    throw new HarnessError('not-here', `The program '${file}' is not installed`, { hint: 'shakedown doctor' });
  if (ended.timedOut) throw commandTimedOut(argv, options.timeoutMs ?? 0, result);
  if (ended.failed && options.allowFailure !== true) throw commandFailed(argv, result);
  return result;
}

const commandOf = (argv: readonly string[]): string => argv.join(' ').slice(0, 300);
const saidBy = ({ stdout, stderr }: Pick<Ran, 'stdout' | 'stderr'>): string => lastLines(stderr || stdout) || 'nothing';

/** What every shell throws of a command that ended with an error. */
export const commandFailed = (argv: readonly string[], result: Ran): HarnessError =>
  new HarnessError(
    'command-failed',
    `Exit code ${String(result.exitCode)} of: ${commandOf(argv)}; it said: ${saidBy(result)}`,
  );

/** What every shell throws of a command that took too long. */
export const commandTimedOut = (
  argv: readonly string[],
  limitMs: number,
  result: Pick<Ran, 'stdout' | 'stderr'>,
): HarnessError =>
  new HarnessError(
    'timed-out',
    `Timed out after ${formatMs(limitMs)} running: ${commandOf(argv)}; it said: ${saidBy(result)}`,
  );

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
