import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a request asks for beside its path. */
export interface Call {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** An answer that is not 200. */
export class FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

/** An API server on loopback that answers from a function of the path and the call, and a kubeconfig for it. */
export class FakeApi implements AsyncDisposable {
  readonly kubeconfig: string;
  readonly #server: Server;
  readonly #directory: string;

  private constructor(server: Server) {
    this.#server = server;
    this.#directory = mkdtempSync(join(tmpdir(), 'shakedown-fake-api-'));
    this.kubeconfig = join(this.#directory, 'kubeconfig');
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'fake', user: {} }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
      'current-context': 'fake',
    };
    writeFileSync(this.kubeconfig, JSON.stringify(config));
  }

  /** @param answer the object at a path, or undefined for 404 */
  static async start(answer: (path: string, call: Call) => unknown): Promise<FakeApi> {
    const server = createServer((request, response) => {
      void textOf(request).then(async (text) => {
        const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://fake');
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        const given = await answer(pathname, { method: request.method ?? 'GET', query, body });
        const missing = { kind: 'Status', reason: 'NotFound', message: `no ${pathname}` };
        const { status, body: found } =
          given instanceof FakeAnswer ? given : new FakeAnswer(given === undefined ? 404 : 200, given ?? missing);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(typeof found === 'string' ? found : JSON.stringify(found));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeApi(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#directory, { recursive: true, force: true });
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
