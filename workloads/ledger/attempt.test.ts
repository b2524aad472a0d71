import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { Client, wordOf } from './attempt.ts';
import type { Written } from './job.ts';
import { storesOf } from './stores.ts';
import { writeLoop } from './write-loop.ts';

describe('a call of the ledger', () => {
  let server: Server;
  let url: string;
  let hang = false;
  let connections = 0;
  const client = new Client('c', null);

  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      if (request.url === '/reset') request.socket.destroy();
      else if (!hang) response.end('{"header":{"revision":"1"}}');
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  after(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });

  const call = (path: string, timeoutMs = 1_000) =>
    client.call({ method: 'POST', url: `${url}${path}`, body: 'x' }, timeoutMs);

  it('keeps its connection', async () => {
    connections = 0;
    await call('/');
    expect(await call('/')).to.deep.equal({
      sent: true,
      status: 200,
      body: '{"header":{"revision":"1"}}',
      error: null,
    });
    expect(connections).to.equal(1);
  });

  it('tells what was sent from what was not', async () => {
    expect(await call('/reset')).to.include({ sent: true, status: 0, error: 'reset' });
    const nobody = await new Client('n', null).call({ method: 'GET', url: 'http://127.0.0.1:1/' }, 1_000);
    expect(nobody).to.include({ sent: false, status: 0, error: 'refused' });
    expect(wordOf(Object.assign(new Error('x'), { code: 'EAI_AGAIN' }))).to.equal('dns');
  });

  it('gives up in time', async () => {
    hang = true;
    const startMs = performance.now();
    expect(await call('/', 50)).to.include({ sent: true, status: 0, error: 'timeout' });
    expect(performance.now() - startMs).to.be.within(45, 1_000);
    hang = false;
  });

  it('goes on writing on time while earlier writes hang', async () => {
    hang = true;
    const ending = new AbortController();
    const written: Written[] = [];
    let skipped = 0;
    const job = {
      targets: [],
      kubeconfig: '',
      namespace: 'ns',
      periodMs: 20,
      timeoutMs: 200,
      models: [],
      modelPeriodMs: 1_000,
    };
    const loop = writeLoop({
      job,
      target: { name: 't', store: 'data', url },
      store: storesOf(job).data,
      secure: null,
      firstAtMs: performance.now(),
      signal: ending.signal,
      written: (line) => {
        written.push(line);
        if (written.length === 10) ending.abort();
      },
      skipped: () => (skipped += 1),
    });
    await loop;
    hang = false;
    const starts = written.map(({ startWallMs }) => startWallMs).sort((a, b) => a - b);
    expect(written.every(({ outcome, error }) => outcome === 'unknown' && error === 'timeout')).to.equal(true);
    expect(written.map(({ value }) => value).sort()).to.deep.equal(
      written.map((_, index) => `t#${String(index)}`).sort(),
    );
    expect((starts[9] ?? NaN) - (starts[0] ?? NaN)).to.be.closeTo(180, 100);
    expect(skipped).to.equal(0);
  });
});
