import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Passes connections on to a server, until it is cut: then all of them break and no other is accepted. */
export class Relay implements Disposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a free port of the loopback. */
  static async to({ host, port }: { readonly host: string; readonly port: number }): Promise<Relay> {
    const server = createServer((near) => {
      const far = connect({ host, port });
      relay.#keep(near, far);
      relay.#keep(far, near);
      near.pipe(far).pipe(near);
    });
    const relay = new Relay(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  /** An end that breaks takes the other with it. */
  #keep(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    // What went wrong is seen by the client, at its own end.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Connections under way, each counted on both sides. */
  get open(): number {
    return this.#sockets.size;
  }

  get listens(): boolean {
    return this.#server.listening;
  }

  /** Idempotent. */
  cut(): void {
    if (this.#server.listening) this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  [Symbol.dispose](): void {
    this.cut();
  }
}
