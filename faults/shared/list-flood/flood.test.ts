import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { flood } from './flood.ts';

describe('flood', () => {
  let server: Server;
  let seen: { open: number; most: number; all: number; tokens: Set<string | undefined> };
  const start = async (answer: (nth: number) => { status: number; afterMs: number }): Promise<string> => {
    seen = { open: 0, most: 0, all: 0, tokens: new Set() };
    server = createServer((request, response) => {
      seen.open += 1;
      seen.all += 1;
      seen.most = Math.max(seen.most, seen.open);
      seen.tokens.add(request.headers.authorization);
      const { status, afterMs } = answer(seen.all);
      void sleep(afterMs).then(() => {
        seen.open -= 1;
        response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end('x');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  };
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const run = async (url: string, endAfterMs: number, signal = new AbortController().signal): Promise<void> =>
    flood({ urls: [url], inFlight: 5, token: 't', authority: '', endAfterMs }, signal);

  it('keeps so many requests under way, in its name, and ends when its time is over', async () => {
    const url = await start(() => ({ status: 200, afterMs: 20 }));
    await run(url, 300);
    expect(seen.most).to.equal(5);
    expect(seen.all).to.be.greaterThan(20);
    expect([...seen.tokens]).to.deep.equal(['Bearer t']);
  });

  it('waits as it is told when it is refused', async () => {
    const url = await start(() => ({ status: 429, afterMs: 0 }));
    await run(url, 500);
    expect(seen.all).to.equal(5);
  });

  it('ends at once when it is asked to', async () => {
    const url = await start(() => ({ status: 200, afterMs: 5_000 }));
    const stop = new AbortController();
    const startMs = performance.now();
    setTimeout(() => {
      stop.abort();
    }, 50);
    await run(url, 60_000, stop.signal);
    expect(performance.now() - startMs).to.be.below(2_000);
  });
});
