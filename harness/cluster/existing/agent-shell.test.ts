import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createServer, type Server, type TLSSocket } from 'node:tls';

import { expect } from 'chai';

import { HarnessError } from '../../model/errors.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { Authority } from '../local/pki/authority.ts';
import { frame, FrameReader, framesOf } from './agent-frames.ts';
import type { AgentKeys } from './agent-link.ts';
import { AgentShell } from './agent-shell.ts';

/** Speaks as the agent does, but runs nothing: `echo` says its words, `cat` its input, `fail` ends with 3, `hang` never. */
class FakeAgent {
  readonly sockets: TLSSocket[] = [];
  readonly server: Server;

  constructor(keys: AgentKeys) {
    const options = { cert: keys.certificate, key: keys.key, ca: keys.certificate, requestCert: true };
    this.server = createServer({ ...options, rejectUnauthorized: true }, (socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
      this.#serve(socket);
    });
  }

  #serve(socket: TLSSocket): void {
    const reader = new FrameReader();
    let argv: readonly string[] = [];
    let input = '';
    const say = (kind: number, text: string | Buffer): void => {
      for (const bytes of framesOf(kind, Buffer.from(text))) socket.write(bytes);
    };
    socket.on('data', (bytes: Buffer) => {
      for (const { kind, payload } of reader.take(bytes)) {
        if (kind === frame.command) [argv, input] = [JSON.parse(payload.toString()) as readonly string[], ''];
        if (kind === frame.input) input += payload.toString();
        if (kind === frame.signal) say(frame.ended, Buffer.of(128 + (payload[0] ?? 0)));
        if (kind !== frame.inputEnd || argv.includes('hang')) continue;
        if (argv.includes('drop')) socket.destroy();
        else if (argv.includes('fail')) say(frame.errors, 'it is broken\n');
        else say(frame.output, argv.includes('cat') ? input : `${argv.at(-1) ?? ''}\nmore\n`);
        say(frame.ended, Buffer.of(argv.includes('fail') ? 3 : 0));
      }
    });
  }
}

describe('the shell of a node through its agent', () => {
  let keys: AgentKeys;
  let agent: FakeAgent;
  let shell: AgentShell;
  const codeOf = (error: unknown): unknown => (error instanceof HarnessError ? [error.code, error.message] : error);
  before(async () => {
    keys = (await Authority.create('node-agent')).pair;
  });
  beforeEach(async () => {
    agent = new FakeAgent(keys);
    agent.server.listen(0, '127.0.0.1');
    await once(agent.server, 'listening');
    shell = new AgentShell({ node: 'w1', address: '127.0.0.1', port: portOf(agent) }, keys);
  });
  afterEach(() => {
    shell.close();
    for (const socket of agent.sockets) socket.destroy();
    agent.server.close();
  });

  it('runs one command after the other over one connection', async () => {
    expect(await shell.exec(['echo', 'one'])).to.deep.equal({ stdout: 'one\nmore', stderr: '', exitCode: 0 });
    expect((await shell.exec(['cat'], { input: 'two' })).stdout).to.equal('two');
    const large = Buffer.alloc(3_000_000, 'x').toString();
    expect((await shell.exec(['cat'], { input: Readable.from([Buffer.from(large)]) })).stdout).to.equal(large);
    expect(agent.sockets).to.have.length(1);
  });

  it('throws what every shell throws, or gives the exit code when it is asked to', async () => {
    const thrown = await shell.exec(['fail', 'me']).catch(codeOf);
    expect(thrown).to.deep.equal(['command-failed', 'Exit code 3 of: fail me; it said: it is broken']);
    expect((await shell.exec(['fail'], { allowFailure: true })).exitCode).to.equal(3);
  });

  it('ends a command that takes too long with its connection', async () => {
    const thrown = (await shell.exec(['hang'], { timeoutMs: 1_000 }).catch(codeOf)) as readonly string[];
    expect(thrown[0]).to.equal('timed-out');
    await eventually('the connection to be closed', { withinMs: 5_000, everyMs: 10 }, () =>
      agent.sockets.every(({ destroyed }) => destroyed) ? yes(null) : notYet('it is open'),
    );
    expect((await shell.exec(['echo', 'on'])).stdout).to.contain('on');
  });

  it('gives up when it is told to, with that reason', async () => {
    const stop = new AbortController();
    const running = shell.exec(['hang'], { signal: stop.signal }).catch((error: unknown) => error);
    stop.abort(new Error('enough'));
    expect(await running)
      .to.be.instanceOf(Error)
      .with.property('message', 'enough');
  });

  it('takes a connection that breaks for no answer of the command, even where a failure is allowed', async () => {
    const thrown = (await shell.exec(['drop'], { allowFailure: true }).catch(codeOf)) as readonly string[];
    expect(thrown[0]).to.equal('command-failed');
    expect(thrown[1]).to.match(/^The shell of node w1 does not answer at 127\.0\.0\.1:\d+: /);
  });

  it('does not talk to an agent of another run', async () => {
    const other = (await Authority.create('node-agent')).pair;
    const stranger = new AgentShell({ node: 'w1', address: '127.0.0.1', port: portOf(agent) }, other);
    const thrown = (await stranger.exec(['echo']).catch(codeOf)) as readonly string[];
    expect(thrown[0]).to.equal('command-failed');
  });

  it('starts programs that go on, and signals them', async () => {
    await using echo = shell.spawn(['echo', 'line'], { env: { A: '1' } });
    const lines = [];
    for await (const line of echo.lines) lines.push(line);
    expect(lines).to.deep.equal(['line', 'more']);
    const hanging = shell.spawn(['hang']);
    hanging.kill('SIGTERM');
    expect((await hanging.done).exitCode).to.equal(143);
  });
});

const portOf = ({ server }: FakeAgent): number => (server.address() as AddressInfo).port;
