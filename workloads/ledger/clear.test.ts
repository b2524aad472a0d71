import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { clearStore } from './clear.ts';
import type { Target } from './job.ts';
import { storesOf } from './stores.ts';

describe('clearStore', () => {
  const asked: string[] = [];
  const answers: number[] = [];
  let server: Server;
  let url: string;
  beforeEach(async () => {
    asked.length = 0;
    server = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.writeHead(answers.shift() ?? 200).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterEach(() => server.close());
  const stores = storesOf({ namespace: 'ns' });

  it('asks the next target when one refuses, and stops when one has done it', async () => {
    answers.push(503, 200);
    const targets = ['api-cp1', 'api-cp2', 'api-cp3'].map((name): Target => ({ name, store: 'api', url }));
    await clearStore(stores.api, targets, () => null, AbortSignal.timeout(5_000));
    const call = 'DELETE /api/v1/namespaces/ns/configmaps?labelSelector=shakedown.dev%2Fledger';
    expect(asked).to.deep.equal([
      call,
      call,
      call.replace('api/v1', 'apis/coordination.k8s.io/v1').replace('configmaps', 'leases'),
    ]);
  });

  it('deletes every key of the ledger in etcd', async () => {
    await clearStore(stores.data, [{ name: 'etcd-data', store: 'data', url }], () => null, AbortSignal.timeout(5_000));
    expect(asked).to.deep.equal(['POST /v3/kv/deleterange']);
    const target: Target = { name: 'etcd-data', store: 'data', url };
    const { key, range_end: end } = JSON.parse(stores.data.clear(target)[0]?.body ?? '') as Record<string, string>;
    const inRange = (name: string): boolean => Buffer.from(key!, 'base64') <= Buffer.from(name) && name < 'ledger0';
    expect([stores.data.key('etcd-data', 7), 'ledger/model/set'].every(inRange)).to.equal(true);
    expect(Buffer.from(end!, 'base64').toString()).to.equal('ledger0');
  });
});
