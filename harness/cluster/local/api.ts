import { Agent, request } from 'node:https';

import { HarnessError } from '../../model/errors.ts';
import type { KeyPair } from './pki/authority.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** The few requests that booting a cluster needs; everything else goes through a real client. */
export class BootApi implements Disposable {
  readonly #agent: Agent;
  readonly #port: number;

  constructor(port: number, authority: string, admin: KeyPair) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 8, ca: authority, cert: admin.certificate, key: admin.key });
  }

  /** @throws the network's error, such as ECONNREFUSED, or the signal's reason */
  async ask(method: 'GET' | 'POST' | 'PATCH', path: string, signal: AbortSignal, body?: object): Promise<ApiAnswer> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          path,
          method,
          agent: this.#agent,
          signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
          headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }) },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => (text += chunk));
          answer.on('end', () => {
            resolve({ status: answer.statusCode ?? 0, body: text });
          });
          answer.on('error', reject);
        },
      );
      sent.on('error', reject);
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
