import { Agent, request } from 'node:https';

import { formatMs } from '../../model/duration.ts';
import { HarnessError } from '../../model/errors.ts';
import type { KeyPair } from './pki/authority.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** What a machine that boots many nodes at once may take for one answer. */
const answerLimitMs = 5_000;

/** The few requests that booting a cluster needs; everything else goes through a real client. */
export class BootApi implements Disposable {
  readonly #agent: Agent;
  readonly #port: number;
  readonly #limitMs: number;

  constructor(port: number, authority: string, admin: KeyPair, limitMs = answerLimitMs) {
    this.#port = port;
    this.#limitMs = limitMs;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 8, ca: authority, cert: admin.certificate, key: admin.key });
  }

  /**
   * @throws the network's error, such as ECONNREFUSED, the signal's reason, or HarnessError `command-failed` when nothing answers
   * in time
   */
  async ask(method: 'GET' | 'POST' | 'PATCH', path: string, signal: AbortSignal, body?: object): Promise<ApiAnswer> {
    const limit = AbortSignal.timeout(this.#limitMs);
    const late = `no answer to ${method} ${path} within ${formatMs(this.#limitMs)}`;
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        // The request's own error says only that it was aborted.
        if (signal.aborted) reject(signal.reason as Error);
        else reject(limit.aborted ? new HarnessError('command-failed', late) : error);
      };
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          path,
          method,
          agent: this.#agent,
          signal: AbortSignal.any([signal, limit]),
          headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }) },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => (text += chunk));
          answer.on('end', () => {
            resolve({ status: answer.statusCode ?? 0, body: text });
          });
          answer.on('error', fail);
        },
      );
      sent.on('error', fail);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The answer's object. @throws HarnessError `command-failed` when the status is not one of those expected */
  async want<T>(method: 'GET' | 'POST' | 'PATCH', path: string, signal: AbortSignal, body?: object): Promise<T> {
    const answer = await this.ask(method, path, signal, body);
    if (answer.status >= 300)
      throw new HarnessError(
        'command-failed',
        `The API server answered ${String(answer.status)} to ${method} ${path}: ${answer.body.slice(0, 300)}`,
      );
    return JSON.parse(answer.body) as T;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
