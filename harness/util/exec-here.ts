import { constants } from 'node:os';

import { execa, type Options } from 'execa';

import type { ExecOptions, Ran } from '../model/cluster.ts';
import { formatMs } from '../model/duration.ts';
import { HarnessError } from '../model/errors.ts';

/** A command of this machine may have a folder and an environment of its own. */
export interface HostExecOptions extends ExecOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What execa tells of a command at its end. */
export interface Ended {
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly failed: boolean;
}

export function ran(ended: Ended): Ran {
  const signalled = ended.signal === undefined ? undefined : 128 + constants.signals[ended.signal as NodeJS.Signals];
  const text = (stream: unknown): string => (typeof stream === 'string' ? stream : '');
  return { stdout: text(ended.stdout), stderr: text(ended.stderr), exitCode: ended.exitCode ?? signalled ?? 127 };
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-8).join('\n').slice(-2_000);

/**
 * Runs a command of this machine to its end, as a child of this process.
 * @throws HarnessError `command-failed` | `timed-out` | `not-here` (no such program); the signal's reason when aborted
 */
export async function execHere(argv: readonly string[], options: HostExecOptions = {}): Promise<Ran> {
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
