import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { serverStates, someServing, spreadClients } from './endpoint-admin.ts';

/** A load balancer that knows three commands. A session that is shut down comes back on the next server in turn. */
class FakeBalancer {
  readonly sessions: { id: string; server: string }[];
  shutDowns = 0;
  /** So many questions are not answered. */
  silentFor = 0;
  readonly #names = ['cp1', 'cp2', 'cp3'];
  #checks: readonly string[];

  constructor(counts: readonly number[], checks: readonly string[]) {
    this.#checks = checks;
    this.sessions = this.#names.flatMap((server, at) =>
      Array.from({ length: counts[at] ?? 0 }, (_, each) => ({ id: `0x${String(at)}${String(each)}`, server })),
    );
  }

  answer(command: string): string {
    if (command === 'show stat') {
      const rows = this.#names.map(
        (name, at) => `api-servers,${name},3,${at === 0 ? 'UP' : 'UP 1/2'},${this.#checks[at] ?? ''}`,
      );
      return [
        '# pxname,svname,scur,status,check_status',
        'api,FRONTEND,3,OPEN,',
        ...rows,
        'api-servers,BACKEND,9,UP,',
        '',
      ].join('\n');
    }
    if (command === 'show sess')
      return this.sessions
        .map(({ id, server }) => `${id}: proto=tcpv4 fe=api be=api-servers srv=${server} ts=00\n`)
        .join('');
    const found = this.sessions.find(({ id }) => command === `shutdown session ${id}`);
    if (found !== undefined) found.server = this.#names[this.shutDowns++ % 3] ?? '';
    return '\n';
  }
}

describe('the load balancer, asked', () => {
  const signal = new AbortController().signal;
  let folder: string;
  let socket: string;
  let server: Server;

  async function serve(balancer: FakeBalancer): Promise<void> {
    server = createServer({ allowHalfOpen: true }, (connection) => {
      let text = '';
      connection.on('data', (chunk) => (text += String(chunk)));
      connection.on('end', () => {
        if (balancer.silentFor > 0) balancer.silentFor -= 1;
        else connection.end(balancer.answer(text.trim()));
      });
    }).listen(socket);
    await once(server, 'listening');
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'endpoint-'));
    socket = join(folder, 'admin.sock');
  });

  afterEach(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  it('tells the state of each server and of nothing else', async () => {
    await serve(new FakeBalancer([0, 0, 0], ['* L7STS', 'L4CON', 'L7OK']));
    expect([...(await serverStates(socket))]).to.deep.equal([
      ['cp1', { status: 'UP', check: 'L7STS' }],
      ['cp2', { status: 'UP 1/2', check: 'L4CON' }],
      ['cp3', { status: 'UP 1/2', check: 'L7OK' }],
    ]);
  });

  it('is waited for until its socket is there and a server speaks', async () => {
    const waiting = someServing(socket, signal);
    await serve(new FakeBalancer([0, 0, 0], ['L4CON', 'L7STS', 'L4CON']));
    await waiting;
  });

  it('is waited for while a busy machine keeps it from answering', async () => {
    const balancer = new FakeBalancer([0, 0, 0], ['L7OK', 'L7OK', 'L7OK']);
    balancer.silentFor = 1;
    await serve(balancer);
    await someServing(socket, signal);
    expect(balancer.silentFor, 'questions without an answer').to.equal(0);
  });

  it('spreads clients evenly, moving no more than it must', async () => {
    const balancer = new FakeBalancer([9, 0, 0], ['L7OK', 'L7OK', 'L7OK']);
    await serve(balancer);
    await spreadClients(socket, ['cp1', 'cp2', 'cp3'], signal);
    const counts = ['cp1', 'cp2', 'cp3'].map((name) => balancer.sessions.filter((one) => one.server === name).length);
    expect(Math.max(...counts) - Math.min(...counts)).to.be.at.most(1);
    expect(balancer.shutDowns).to.be.at.most(12);
  });
});
