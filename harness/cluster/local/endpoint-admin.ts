import { connect } from 'node:net';

import { HarnessError } from '../../model/errors.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';

/** What a busy machine may take for one answer of the load balancer. */
const answerLimitMs = 1_000;

/**
 * One command to the load balancer's administration socket, with its answer.
 * @throws HarnessError `command-failed` when it does not answer in time, or the network's error, such as ENOENT
 */
export async function askEndpoint(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let text = '';
    connection.setEncoding('utf8').setTimeout(answerLimitMs, () => {
      connection.destroy(new HarnessError('command-failed', 'the load balancer is silent'));
    });
    connection.on('data', (chunk: string) => (text += chunk));
    connection.on('error', reject);
    connection.on('end', () => {
      resolve(text);
    });
    connection.end(`${command}\n`);
  });
}

/** An API server as the load balancer sees it. */
export interface ServerState {
  /** Such as `UP` or `DOWN`. */
  readonly status: string;
  /** How the last look at it ended, such as `L7OK`, or `L7STS` for an answer that it is not ready. */
  readonly check: string;
}

export async function serverStates(socket: string): Promise<ReadonlyMap<string, ServerState>> {
  const [head = '', ...rows] = (await askEndpoint(socket, 'show stat')).replace(/^# /, '').split('\n');
  const names = head.split(',');
  const servers = rows.map((row) => {
    const cells = row.split(',');
    return (name: string): string => cells[names.indexOf(name)] ?? '';
  });
  return new Map(
    servers
      .filter((cell) => cell('pxname') === 'api-servers' && cell('svname') !== 'BACKEND')
      .map((cell) => [cell('svname'), { status: cell('status'), check: cell('check_status').replace('* ', '') }]),
  );
}

/** Waits until some API server speaks HTTP, be it only to say that it is not ready. */
export async function someServing(socket: string, signal: AbortSignal): Promise<void> {
  await eventually('an API server to serve', { withinMs: 120_000, everyMs: 50, signal, transient }, async () => {
    const checks = [...(await serverStates(socket)).values()].map(({ check }) => check);
    return checks.some((check) => check.startsWith('L7')) ? yes(null) : notYet(checks.join(', '));
  });
}

/** There is no socket yet, or a machine that is busy with the boot has not let the load balancer answer. */
const transient = (error: unknown): boolean =>
  error instanceof HarnessError
    ? error.code === 'command-failed'
    : ['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Waits until every API server takes requests, then spreads the clients of those that came first over all. */
export async function spreadClients(socket: string, servers: readonly string[], signal: AbortSignal): Promise<void> {
  await eventually('every API server to be ready', { withinMs: 120_000, everyMs: 50, signal, transient }, async () => {
    const states = await serverStates(socket);
    const waiting = servers.filter((name) => states.get(name)?.status.startsWith('UP') !== true);
    return waiting.length === 0
      ? yes(null)
      : notYet(waiting.map((name) => `${name} ${states.get(name)?.check ?? ''}`).join(', '));
  });
  // Else all nodes would stay with the server that happened to be first, and all would feel its loss. Clients dial
  // more often than they need: one after the other, until it is even or has taken long enough.
  await eventually('the clients to be spread', { withinMs: 3_000, everyMs: 20, signal, transient }, async () => {
    const sessions = await sessionsOf(socket);
    const counts = servers.map((name) => sessions.filter(({ server }) => server === name).length);
    const most = Math.max(...counts);
    if (most - Math.min(...counts) <= 1) return yes(null);
    const crowded = servers[counts.indexOf(most)];
    const oldest = sessions.find(({ server }) => server === crowded);
    if (oldest !== undefined) await askEndpoint(socket, `shutdown session ${oldest.id}`);
    return notYet(counts.join(', '));
  }).catch((error: unknown) => {
    if (!(error instanceof HarnessError && error.code === 'timed-out')) throw error;
  });
}

async function sessionsOf(socket: string): Promise<readonly { readonly id: string; readonly server: string }[]> {
  const lines = (await askEndpoint(socket, 'show sess')).split('\n');
  return lines.flatMap((line) => {
    const [, id, server] = /^(0x[0-9a-f]+): .* be=api-servers srv=(\S+)/.exec(line) ?? [];
    return id === undefined || server === undefined ? [] : [{ id, server }];
  });
}
