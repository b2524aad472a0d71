import { constants } from 'node:os';
import { createWriteStream } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { createInterface } from 'node:readline';

import type { ExecOptions, Ran, Running, Shell, SpawnOptions } from '../../model/cluster.ts';
import { messageOf } from '../../model/errors.ts';
import { commandFailed, commandTimedOut } from '../../util/exec.ts';
import { AgentLink, type AgentAddress, type AgentKeys } from './agent-link.ts';

/** Idle connections that are kept: they are there when a broken network would not let a new one through. */
const idleLinks = 4;
const goodbyeMs = 3_000;

/** The same as a shell's, but for input that is too large for a string. */
export type AgentExecOptions = Omit<ExecOptions, 'input'> & { readonly input?: string | Readable };

/** A node as a shell, through its agent. A command ends with the connection that asked for it. */
export class AgentShell implements Shell {
  readonly name: string;
  readonly #to: AgentAddress;
  readonly #keys: AgentKeys;
  readonly #idle: AgentLink[] = [];

  constructor(to: AgentAddress, keys: AgentKeys) {
    this.name = to.node;
    this.#to = to;
    this.#keys = keys;
  }

  async exec(argv: readonly string[], options: AgentExecOptions = {}): Promise<Ran> {
    const { signal, timeoutMs, input = '', allowFailure = false } = options;
    signal?.throwIfAborted();
    const limit = timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.ceil(timeoutMs));
    const either = AbortSignal.any([signal, limit].filter((each) => each !== undefined));
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    const result = (exitCode: number): Ran => ({ stdout: textOf(out), stderr: textOf(errors), exitCode });
    let link: AgentLink | undefined;
    const stop = (): void => link?.close();
    try {
      link = await this.#take(either);
      // A signal that has fired says so no more.
      if (either.aborted) link.close();
      either.addEventListener('abort', stop, { once: true });
      const exitCode = await link.run(argv, input, {
        output: (bytes) => out.push(bytes),
        errors: (bytes) => errors.push(bytes),
      });
      this.#keep(link);
      if (exitCode !== 0 && !allowFailure) throw commandFailed(argv, result(exitCode));
      return result(exitCode);
    } catch (error) {
      signal?.throwIfAborted();
      if (limit?.aborted === true) throw commandTimedOut(argv, timeoutMs ?? 0, result(0));
      throw error;
    } finally {
      either.removeEventListener('abort', stop);
    }
  }

  spawn(argv: readonly string[], { signal, env = {}, logFile }: SpawnOptions = {}): Running {
    const out = new PassThrough();
    const log = logFile === undefined ? null : createWriteStream(logFile, { flags: 'a' });
    const write = (bytes: Buffer): void => void (log ?? out).write(bytes);
    const words = ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv];
    const opened = AgentLink.open(this.#to, this.#keys, signal);
    const run = async (): Promise<Ran> => {
      const link = await opened;
      const stop = (): void => {
        link.close();
      };
      signal?.addEventListener('abort', stop, { once: true });
      try {
        const exitCode = await link.run(words, '', { output: write, errors: (bytes) => log?.write(bytes) });
        return { stdout: '', stderr: '', exitCode };
      } finally {
        signal?.removeEventListener('abort', stop);
        link.close();
      }
    };
    const done = run()
      // A connection that breaks ends the command.
      .catch((error: unknown): Ran => ({ stdout: '', stderr: messageOf(error), exitCode: 255 }))
      .finally(() => {
        out.end();
        log?.end();
      });
    const kill = (name: NodeJS.Signals): void =>
      void opened.then(
        (link) => {
          link.kill(constants.signals[name]);
        },
        () => undefined,
      );
    return {
      lines: log === null ? createInterface({ input: out }) : out,
      done,
      kill,
      [Symbol.asyncDispose]: async () => {
        kill('SIGTERM');
        const last = setTimeout(() => {
          kill('SIGKILL');
        }, goodbyeMs);
        await done;
        clearTimeout(last);
      },
    };
  }

  /** Ends the idle connections. */
  close(): void {
    for (const link of this.#idle.splice(0)) link.close();
  }

  async #take(signal: AbortSignal): Promise<AgentLink> {
    for (let link = this.#idle.pop(); link !== undefined; link = this.#idle.pop()) if (link.isOpen) return link;
    return await AgentLink.open(this.#to, this.#keys, signal);
  }

  #keep(link: AgentLink): void {
    link.rest();
    if (this.#idle.length < idleLinks && link.isOpen) this.#idle.push(link);
    else link.close();
  }
}

const textOf = (pieces: readonly Buffer[]): string =>
  Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '');
