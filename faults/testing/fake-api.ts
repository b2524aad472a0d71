import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An API server on loopback that answers GET requests from a table of paths, and a kubeconfig for it. */
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
  static async start(answer: (path: string) => unknown): Promise<FakeApi> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://fake');
      const found = answer(pathname);
      response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(
        typeof found === 'string'
          ? found
          : JSON.stringify(found ?? { kind: 'Status', reason: 'NotFound', message: `no ${pathname}` }),
      );
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
