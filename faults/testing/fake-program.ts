import type { Answer } from './fake-shell.ts';

/** A program under a supervisor: it runs, is stopped by a signal, or is down. */
export class FakeProgram {
  state: 'S' | 'T' | 'down' = 'S';
  /** When true, whatever would stop it does nothing. */
  deaf = false;
  readonly #name: string;
  readonly #pid: number;
  readonly #port: number;
  #startedAt = 777;

  constructor(name: string, pid: number, port: number) {
    this.#name = name;
    this.#pid = pid;
    this.#port = port;
  }

  /** Undefined for what is no business of this program. */
  answer(command: string): Answer | undefined {
    if (command.includes(`/dev/tcp/127.0.0.1/${String(this.#port)}`)) return this.#health();
    if (command.includes(`down /run/service/${this.#name}`)) return this.#become('down');
    if (command.includes(`up /run/service/${this.#name}`)) return this.#become('S');
    if (command.includes(`kill -STOP ${String(this.#pid)}`)) return this.#become('T');
    if (command.includes(`kill -KILL ${String(this.#pid)}`)) return this.restart();
    if (!command.includes(`'${this.#name}'`)) return undefined;
    if (command.includes('kill -CONT')) return this.state === 'T' ? this.#become('S') : '';
    return this.state === 'down'
      ? ''
      : `${String(this.#pid)} ${this.state} ${'0 '.repeat(18)}${String(this.#startedAt)} 0`;
  }

  #become(state: 'S' | 'T' | 'down'): Answer {
    if (!this.deaf || state === 'S') this.state = state;
    return '';
  }

  /** The supervisor starts a killed program again. */
  restart(): Answer {
    if (!this.deaf) this.#startedAt += 100;
    return '';
  }

  #health(): Answer {
    if (this.state === 'down') return { exitCode: 7 };
    return this.state === 'T' ? { exitCode: 124 } : 'HTTP/1.0 200 OK\r\n';
  }
}
