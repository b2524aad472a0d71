import type { Answer } from './fake-shell.ts';

const pid = 5252;

/** A kubelet under a supervisor: it runs, is stopped by a signal, or is down. */
export class FakeKubelet {
  state: 'S' | 'T' | 'down' = 'S';
  /** When true, whatever would stop it does nothing. */
  deaf = false;

  /** Undefined for what is no business of a kubelet. */
  answer(command: string): Answer | undefined {
    if (command.includes('/dev/tcp/127.0.0.1/10248')) return this.#health();
    if (command.includes('sv -w 15 down')) return this.#become('down');
    if (command.includes('sv up')) return this.#become('S');
    if (command.includes(`kill -STOP ${String(pid)}`)) return this.#become('T');
    if (!command.includes("'kubelet'")) return undefined;
    if (command.includes('kill -CONT')) return this.state === 'T' ? this.#become('S') : '';
    return this.state === 'down' ? '' : `${String(pid)} ${this.state} ${'0 '.repeat(18)}777 0`;
  }

  #become(state: 'S' | 'T' | 'down'): Answer {
    if (!this.deaf || state === 'S') this.state = state;
    return '';
  }

  #health(): Answer {
    if (this.state === 'down') return { exitCode: 7 };
    return this.state === 'T' ? { exitCode: 124 } : 'HTTP/1.0 200 OK\r\n';
  }
}
