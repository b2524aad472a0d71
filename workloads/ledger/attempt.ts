import { Agent as HttpAgent, request as httpRequest, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

import type { Credentials } from './kubeconfig.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: string;
}

/** What came of a call; a call that fails is a result here, not an exception. */
export interface Attempt {
  /** Whether any of it may have reached the server. */
  readonly sent: boolean;
  /** 0 when there was no whole answer. */
  readonly status: number;
  readonly body: string;
  /** One word for why there was no whole answer, or null. */
  readonly error: string | null;
}

const words: Readonly<Record<string, string>> = {
  TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'broken-pipe',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
};

/** One word for why a connection or an answer broke. */
export const wordOf = (error: NodeJS.ErrnoException): string => words[error.code ?? ''] ?? error.code ?? error.message;

/** A client with one connection, kept between calls. It makes one call at a time. */
export class Client {
  readonly id: string;
  readonly #agent: HttpAgent;
  readonly #secure: boolean;

  constructor(id: string, secure: Credentials | null) {
    this.id = id;
    this.#secure = secure !== null;
    const kept = { keepAlive: true, maxSockets: 1 };
    this.#agent = secure === null ? new HttpAgent(kept) : new HttpsAgent({ ...kept, ...secure });
  }

  call({ method, url, body = '' }: Call, timeoutMs: number): Promise<Attempt> {
    return new Promise((resolve) => {
      let sent = false;
      const headers = {
        accept: 'application/json',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      };
      const options = { method, agent: this.#agent, headers };
      const outgoing = this.#secure ? httpsRequest(url, options) : httpRequest(url, options);
      const timer = setTimeout(() => {
        outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'TIMEOUT' }));
      }, timeoutMs);
      const end = (status: number, text: string, error: string | null): void => {
        clearTimeout(timer);
        resolve({ sent, status, body: text, error });
      };
      const fail = (error: NodeJS.ErrnoException): void => {
        end(0, '', wordOf(error));
      };
      whenConnected(outgoing, this.#secure, () => (sent = true));
      outgoing.on('error', fail);
      outgoing.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => (text += piece));
        response.on('end', () => {
          if (response.complete) end(response.statusCode ?? 0, text, null);
          else end(0, '', 'reset');
        });
        response.on('error', fail);
      });
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A request is held back until its connection stands (and is encrypted): before that, nothing of it can have arrived. */
function whenConnected(outgoing: ClientRequest, secure: boolean, then: () => void): void {
  outgoing.on('socket', (socket) => {
    if (outgoing.reusedSocket) then();
    else socket.once(secure ? 'secureConnect' : 'connect', then);
  });
}
