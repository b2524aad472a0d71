import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection } from 'node:net';

/** How a TCP connection to a machine went within the limit: a refusal is its answer too. */
async function tried(host: string, port: number, withinMs: number): Promise<'open' | 'refused' | 'silent'> {
  const socket = createConnection({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(withinMs) });
    return 'open';
  } catch (error) {
    return ['ECONNREFUSED', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '') ? 'refused' : 'silent';
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

/** Whether there is a machine at that address, by any answer of it. */
export const answers = async (host: string, port: number, withinMs: number): Promise<boolean> =>
  (await tried(host, port, withinMs)) !== 'silent';

/** Whether a program listens there. */
export const listens = async (host: string, port: number): Promise<boolean> =>
  (await tried(host, port, 2_000)) === 'open';

/** The address of this machine as who is there sees it; nothing is sent. @throws Error when there is no way there */
export async function ownAddressTowards(host: string): Promise<string> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.connect(9, host);
    await once(socket, 'connect');
    return socket.address().address;
  } finally {
    socket.close();
  }
}
