import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { expect } from 'chai';

import { HarnessError } from '../../model/errors.ts';
import { BootApi } from './api.ts';

describe('the API of a cluster that boots', () => {
  const admin = { certificate: '', key: '' };

  async function askSilent(limitMs: number, signal: AbortSignal): Promise<unknown> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    using api = new BootApi((server.address() as AddressInfo).port, '', admin, limitMs);
    try {
      return await api.ask('GET', '/api/v1/nodes', signal).catch((error: unknown) => error);
    } finally {
      server.close();
    }
  }

  it('that does not answer in time is asked again, as one that refuses', async () => {
    const error = await askSilent(50, new AbortController().signal);
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'command-failed');
    expect(error).to.have.property('message', 'no answer to GET /api/v1/nodes within 50 ms');
  });

  it('is no longer asked when the boot is stopped', async () => {
    const reason = new Error('stopped');
    expect(await askSilent(60_000, AbortSignal.abort(reason))).to.equal(reason);
  });
});
