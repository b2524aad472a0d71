import * as http from 'node:http';
import * as https from 'node:https';

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

/** One keep-alive pool for each client; plain HTTP is what `kubectl proxy` offers. */
export function makeAgent(server: string): http.Agent {
  const options = { keepAlive: true, keepAliveMsecs: 2_000, maxFreeSockets: 8 };
  return server.startsWith('http:') ? new http.Agent(options) : new https.Agent(options);
}

/** Sends a call and resolves with the answer's head when its status is 2xx. @throws ApiError; the signal's reason */
export async function open(config: KubeConfig, agent: http.Agent, call: Call): Promise<http.IncomingMessage> {
  const cluster = config.getCurrentCluster();
  const what = `${call.method} ${call.path}`;
  if (cluster === null) throw new ApiError(what, 0, '', 'the kubeconfig names no current cluster');
  const url = new URL(cluster.server.replace(/\/$/, '') + call.path);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const options: https.RequestOptions = { method: call.method, signal: call.signal };
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

function send(
  url: URL,
  options: https.RequestOptions,
  payload: string | undefined,
  what: string,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'http:' ? http : https;
    const outgoing = request(url, options, resolve);
    outgoing.on('error', (cause) => {
      reject(
        options.signal?.aborted === true
          ? reasonOf(options.signal)
          : new ApiError(what, 0, '', messageOf(cause), { cause }),
      );
    });
    // TCP keepalive makes a peer that died silently show within seconds.
    outgoing.on('socket', (socket) => socket.setKeepAlive(true, 2_000));
    outgoing.end(payload);
  });
}

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));

/** The whole body as text. @throws ApiError when the connection breaks in the middle */
export async function textOf(response: http.IncomingMessage, what: string): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (cause) {
    throw new ApiError(what, 0, '', `the answer broke off: ${messageOf(cause)}`, { cause });
  }
}

/** The lines of an endless body as they come. @throws ApiError when the connection breaks */
export async function* linesOf(response: http.IncomingMessage, what: string): AsyncGenerator<string, void, void> {
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
