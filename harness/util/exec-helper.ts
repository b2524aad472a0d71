import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { Ran } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';
import type { HostExecOptions } from './exec-here.ts';
import type { Answer, Question } from './exec-helper-main.ts';

/**
 * To start a command the kernel copies the page tables of the process that starts it, which stands still meanwhile. Measured with
 * Node 24 on two busy processors: 1 ms with 50 MB in memory, 5 ms with 157 MB, 27 ms with 368 MB. A helper takes 5 ms of processor
 * time for each command, and 350 ms to start.
 */
const smallBytes = 192 * 1024 * 1024;

/** `failed` is one that ended before it was ready: another one would, too. */
export type HelperState = 'starting' | 'ready' | 'ended' | 'failed';

/** A small process that starts commands for this one. It ends with it; what it was still running goes on as a child would. */
export class ExecHelper {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;
  #state: HelperState = 'starting';

  constructor(file = join(import.meta.dirname, 'exec-helper-main.ts')) {
    this.#process = fork(file, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
      execArgv: ['--max-semi-space-size=1', '--disable-warning=ExperimentalWarning'],
      // A Ctrl-C on the terminal is for the harness alone, which tells what is to end.
      detached: true,
    });
    this.#process.on('message', (message) => {
      this.#hear(message as Answer | 'ready');
    });
    this.#process.on('exit', () => {
      this.#end();
    });
    this.#process.on('error', () => {
      this.#end();
    });
    // Nobody waits for it: it is no reason for this process to stay.
    this.#process.unref();
    this.#process.channel?.unref();
    process.once('exit', () => this.#process.kill('SIGTERM'));
  }

  get state(): HelperState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** As {@link exec}, of which it is a part. */
  async exec(argv: readonly string[], { signal, ...options }: HostExecOptions): Promise<Ran> {
    signal?.throwIfAborted();
    const id = (this.#asked += 1);
    const abort = (): void => {
      this.#ask({ id, abort: true });
    };
    signal?.addEventListener('abort', abort, { once: true });
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.channel?.ref();
      this.#ask({ id, argv, options });
    });
    signal?.removeEventListener('abort', abort);
    if ('ran' in answer) return answer.ran;
    signal?.throwIfAborted();
    const { code, message, hint } = answer.error;
    throw new HarnessError(code, message, hint === undefined ? {} : { hint });
  }

  #ask(question: Question): void {
    if (this.#state === 'ended' || this.#state === 'failed') this.#answer({ id: question.id, error: died });
    // A helper that dies says so by its exit.
    else this.#process.send(question, () => undefined);
  }

  #hear(message: Answer | 'ready'): void {
    if (message === 'ready') this.#state = 'ready';
    else this.#answer(message);
  }

  #answer(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#process.channel?.unref();
  }

  #end(): void {
    if (this.#state !== 'failed') this.#state = this.#state === 'starting' ? 'failed' : 'ended';
    for (const id of this.#waiting.keys()) this.#answer({ id, error: died });
  }
}

const died = { code: 'command-failed', message: 'The process that ran the command has ended' } as const;

let helper: ExecHelper | null = null;

/** The helper of this process once it has grown, when it is there; one that died is followed by another, one that never came up is not. */
export function readyHelper(): ExecHelper | null {
  if (helper?.state === 'ended') helper = null;
  if (helper === null && process.memoryUsage.rss() > smallBytes) helper = new ExecHelper();
  return helper?.state === 'ready' ? helper : null;
}
