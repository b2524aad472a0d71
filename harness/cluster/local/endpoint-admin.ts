import { connect } from 'node:net';

import { eventually, notYet, yes } from '../../util/eventually.ts';

/** One command to the load balancer's administration socket, with its answer. */
export async function askEndpoint(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let text = '';
    connection
      .setEncoding('utf8')
      .setTimeout(2_000, () => connection.destroy(new Error('the load balancer is silent')));
    connection.on('data', (chunk: string) => (text += chunk));
    connection.on('error', reject);
    connection.on('end', () => {
      resolve(text);
    });
    connection.end(`${command}\n`);
  });
}

/** The state of every API server as the load balancer sees it, such as `UP` or `DOWN`. */
export async function serverStates(socket: string): Promise<ReadonlyMap<string, string>> {
  const [head = '', ...rows] = (await askEndpoint(socket, 'show stat')).replace(/^# /, '').split('\n');
  const at = {
    proxy: head.split(',').indexOf('pxname'),
    name: head.split(',').indexOf('svname'),
    status: head.split(',').indexOf('status'),
  };
  const cells = rows.map((row) => row.split(','));
  const servers = cells.filter((row) => row[at.proxy] === 'api-servers' && row[at.name] !== 'BACKEND');
  return new Map(servers.map((row) => [row[at.name] ?? '', row[at.status] ?? '']));
}

/**
 * Waits until every API server takes requests, then lets those who came before reconnect: else all nodes would stay
 * with the server that happened to be first, and its loss would be felt by all of them.
 */
export async function spreadClients(socket: string, servers: readonly string[], signal: AbortSignal): Promise<void> {
  await eventually('every API server to be ready', { withinMs: 60_000, everyMs: 50, signal }, async () => {
    const states = await serverStates(socket);
    const waiting = servers.filter((name) => states.get(name)?.startsWith('UP') !== true);
    return waiting.length === 0
      ? yes(null)
      : notYet(waiting.map((name) => `${name} ${states.get(name) ?? ''}`).join(', '));
  });
  // All of them are with the first; they come back one after the other to each server in turn.
  const [first, ...others] = servers;
  if (first !== undefined && others.length > 0)
    await askEndpoint(socket, `shutdown sessions server api-servers/${first}`);
}
