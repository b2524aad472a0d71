import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { wordOf } from './attempt.ts';
import type { Credentials } from './kubeconfig.ts';

export interface Stream {
  readonly url: string;
  readonly secure: Credentials | null;
  /** A stream that says nothing for so long is given up: a server that is frozen does not close it. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** The server has begun to answer with 200. */
  readonly opened: () => void;
  readonly line: (text: string) => void;
}

/** How a stream ended. */
export interface StreamEnd {
  /** What the server answered; 0 when it did not. */
  readonly status: number;
  /** `complete` for an answer that came to its end, or one word for what broke it. */
  readonly because: string;
}

const mostRefusal = 500;

/** A request of its own connection whose answer is read line by line, as it comes. Never rejects. */
export function readStream({ url, secure, idleMs, signal, opened, line }: Stream): Promise<StreamEnd> {
  return new Promise((resolve) => {
    let status = 0;
    let refusal = '';
    const end = (because: string): void => {
      resolve({ status, because });
    };
    const fail = (error: NodeJS.ErrnoException): void => {
      end(signal.aborted ? 'aborted' : wordOf(error));
    };
    const options = { method: 'GET', agent: false, signal, headers: { accept: 'application/json' } };
    const outgoing = secure === null ? httpRequest(url, options) : httpsRequest(url, { ...options, ...secure });
    outgoing.setTimeout(idleMs, () => {
      outgoing.destroy(Object.assign(new Error('nothing came in time'), { code: 'TIMEOUT' }));
    });
    outgoing.on('error', fail);
    outgoing.on('response', (response) => {
      status = response.statusCode ?? 0;
      const good = status === 200;
      if (good) opened();
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        if (!good) {
          refusal = `${refusal}${piece}`.slice(0, mostRefusal);
          return;
        }
        const lines = `${rest}${piece}`.split('\n');
        rest = lines.pop() ?? '';
        for (const text of lines) if (text !== '') line(text);
      });
      response.on('end', () => {
        if (!good) end(`http-${String(status)} ${refusal}`);
        else end(response.complete ? 'complete' : 'reset');
      });
      response.on('error', fail);
    });
    outgoing.end();
  });
}
