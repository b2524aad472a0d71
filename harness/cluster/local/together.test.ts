import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { together } from './together.ts';

describe('together', () => {
  const forever = new AbortController().signal;

  it('gives every result in its place', async () => {
    const [number, text] = await together<[number, string]>(
      forever,
      async () => Promise.resolve(1),
      async () => sleep(1, 'b'),
    );
    expect([number, text]).to.deep.equal([1, 'b']);
  });

  it('stops the others after the first failure, and throws it when all have ended', async () => {
    const seen: string[] = [];
    const failure = new Error('first');
    const thrown = await together<[unknown, unknown]>(
      forever,
      async () => {
        await Promise.resolve();
        throw failure;
      },
      async (signal) => {
        await sleep(10_000, undefined, { signal }).catch(() => seen.push('stopped'));
        await sleep(5);
        seen.push('ended');
        signal.throwIfAborted();
      },
    ).catch((error: unknown) => error);
    expect(thrown).to.equal(failure);
    expect(seen).to.deep.equal(['stopped', 'ended']);
  });

  it('stops with the signal it was given', async () => {
    const stop = new AbortController();
    const work = together<[unknown]>(stop.signal, async (signal) => sleep(10_000, undefined, { signal }));
    stop.abort();
    expect(await work.catch((error: unknown) => (error as Error).name)).to.equal('AbortError');
  });
});
