import type { IncomingMessage } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';

import type { KubeConfig } from '@kubernetes/client-node';

import { messageOf } from '../model/errors.ts';
import { answered, ApiError } from './api-error.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root: `/api/v1/nodes`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** `application/json` by default. */
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal: AbortSignal;
}

/** One keep-alive pool for each client; TCP keepalive makes a dead peer show within seconds. */
export function makeAgent(): Agent {
  return new Agent({ keepAlive: true, keepAliveMsecs: 2_000, maxFreeSockets: 8 });
}

/** Sends a call and resolves with the answer's head when its status is 2xx. @throws ApiError; the signal's reason */
export async function open(config: KubeConfig, agent: Agent, call: Call): Promise<IncomingMessage> {
  const cluster = config.getCurrentCluster();
  const what = `${call.method} ${call.path}`;
  if (cluster === null) throw new ApiError(what, 0, '', 'the kubeconfig names no current cluster');
  const url = new URL(cluster.server.replace(/\/$/, '') + call.path);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const options: RequestOptions = { method: call.method, signal: call.signal };
  await config.applyToHTTPSOptions(options);
  // The library's own agent opens a new TLS connection for each request; it is only needed behind a proxy.
  if (cluster.proxyUrl === undefined) options.agent = agent;
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  options.headers = {
    ...(options.headers as Record<string, string> | undefined),
    accept: call.accept ?? 'application/json',
    ...(payload === undefined
      ? {}
      : {
          'content-type': call.contentType ?? 'application/json',
          'content-length': String(Buffer.byteLength(payload)),
        }),
  };
  const response = await send(url, options, payload, what);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  throw answered(what, status, await textOf(response, what));
}

function send(url: URL, options: RequestOptions, payload: string | undefined, what: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, resolve);
    outgoing.on('error', (cause) => {
      reject(
        options.signal?.aborted === true
          ? reasonOf(options.signal)
          : new ApiError(what, 0, '', messageOf(cause), { cause }),
      );
    });
    outgoing.on('socket', (socket) => socket.setKeepAlive(true, 2_000));
    outgoing.end(payload);
  });
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));

/** The whole body as text. @throws ApiError when the connection breaks in the middle */
export async function textOf(response: IncomingMessage, what: string): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (cause) {
    throw new ApiError(what, 0, '', `the answer broke off: ${messageOf(cause)}`, { cause });
  }
}

/** The lines of an endless body as they come. @throws ApiError when the connection breaks */
export async function* linesOf(response: IncomingMessage, what: string): AsyncGenerator<string, void, void> {
  let rest = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield line;
    }
  } catch (cause) {
    throw new ApiError(what, 0, '', `the answer broke off: ${messageOf(cause)}`, { cause });
  } finally {
    response.destroy();
  }
}
