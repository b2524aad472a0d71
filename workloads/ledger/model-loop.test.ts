import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import type { ModelName, Operated, Target } from './job.ts';
import { modelLoop } from './model-loop.ts';
import { isModelKey, modelsOf, modelStore } from './model-stores.ts';

const plain = (text: string): string => Buffer.from(text, 'base64').toString();
const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Asked {
  readonly compare?: readonly { readonly mod_revision: string }[];
  readonly success?: readonly { readonly request_put: { readonly value: string } }[];
}

/** An etcd of one key, by its JSON gateway. */
class OneKey {
  value: string | null = null;
  revision = 0;
  /** Changes the key by itself after this many reads, as another client would. */
  meddleAfter = Infinity;
  #reads = 0;

  answer(url: string, asked: Asked): unknown {
    const header = { revision: String(this.revision) };
    if (url.endsWith('/range')) {
      const kvs = this.value === null ? [] : [{ value: base64(this.value), mod_revision: String(this.revision) }];
      this.#reads += 1;
      if (this.#reads === this.meddleAfter) this.#put(JSON.stringify(['meddler']));
      return { header, kvs };
    }
    if (asked.compare?.[0]?.mod_revision !== String(this.revision)) return { header };
    this.#put(plain(asked.success?.[0]?.request_put.value ?? ''));
    return { header, succeeded: true };
  }

  #put(value: string): void {
    this.value = value;
    this.revision += 1;
  }
}

describe('a client of a model', () => {
  let server: Server;
  let target: Target;
  let key: OneKey;
  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => response.end(JSON.stringify(key.answer(request.url ?? '', JSON.parse(body) as Asked))));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    target = { name: 't', store: 'data', url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function operations(model: ModelName, wanted: number): Promise<string[]> {
    const ending = new AbortController();
    const lines: Operated[] = [];
    const job = {
      targets: [target],
      kubeconfig: '',
      namespace: 'ns',
      periodMs: 100,
      timeoutMs: 500,
      modelPeriodMs: 5,
      models: [model],
    };
    await modelLoop({
      job,
      model,
      target,
      secure: null,
      firstAtMs: performance.now(),
      signal: ending.signal,
      operated: (line) => {
        lines.push(line);
        if (lines.length === wanted) ending.abort();
      },
    });
    return lines.slice(0, wanted).map(({ action, expected, value, outcome }) => {
      const from = expected === undefined ? '' : `${JSON.stringify(expected)} > `;
      return `${action} ${from}${JSON.stringify(value)} ${outcome}`;
    });
  }

  it('swaps a register and says what it demanded', async () => {
    key = new OneKey();
    expect(await operations('register', 4)).to.deep.equal([
      'read null ok',
      'cas null > "t#0" ok',
      'read "t#0" ok',
      'cas "t#0" > "t#1" ok',
    ]);
  });

  it('appends to a list, and an append that came too late failed', async () => {
    key = new OneKey();
    key.meddleAfter = 2;
    expect(await operations('append', 6)).to.deep.equal([
      'read null ok',
      'append "t#0" ok',
      'read ["t#0"] ok',
      'append "t#1" failed',
      'read ["meddler"] ok',
      'append "t#2" ok',
    ]);
    expect(key.value).to.equal('["meddler","t#2"]');
  });

  it('adds to a set without telling of its reads', async () => {
    key = new OneKey();
    expect(await operations('set', 2)).to.deep.equal(['add "t#0" ok', 'add "t#1" ok']);
    expect(key.value).to.equal('["t#0","t#1"]');
  });
});

describe('the Lease of a model', () => {
  const target: Target = { name: 'api-ha', store: 'api', url: 'https://api' };
  const store = modelStore('lease', target, { namespace: 'ns' });
  const answer = (status: number, body: unknown) => ({ sent: true, status, body: JSON.stringify(body), error: null });
  const url = 'https://api/apis/coordination.k8s.io/v1/namespaces/ns/leases';

  it('is taken from whom it was read of, in the version that was read', () => {
    expect(store.held(answer(404, {}))).to.deep.equal({ value: null, version: null });
    expect(store.swap(target, { value: null, version: null }, 'a')).to.include({ method: 'POST', url });
    const held = store.held(answer(200, { metadata: { resourceVersion: '7' }, spec: { holderIdentity: 'a' } }));
    expect(held).to.deep.equal({ value: 'a', version: '7' });
    const swap = store.swap(target, held!, 'b');
    expect(swap).to.include({ method: 'PUT', url: `${url}/ledger-model-lease` });
    expect(JSON.parse(swap.body ?? '')).to.deep.include({ kind: 'Lease', spec: { holderIdentity: 'b' } });
    expect(store.outcome(answer(200, { kind: 'Lease' }), held!).outcome).to.equal('ok');
    expect(store.outcome(answer(409, { reason: 'Conflict', message: 'changed' }), held!).outcome).to.equal('failed');
  });

  it('says nothing when the answer is no such lease', () => {
    expect(store.held(answer(200, { kind: 'Status' }))).to.equal(null);
    expect(store.held({ sent: true, status: 200, body: '<html>', error: null })).to.equal(null);
    expect(store.outcome(answer(200, { kind: 'ConfigMap' }), { value: 'a', version: '7' }).outcome).to.equal('unknown');
  });

  it('is of the API alone', () => {
    const models = ['register', 'lease'] as const;
    expect(modelsOf(target, { models })).to.deep.equal(models);
    expect(modelsOf({ name: 'etcd-data', store: 'data', url: '' }, { models })).to.deep.equal(['register']);
    expect(isModelKey(store.key)).to.equal(true);
  });
});

describe('the ConfigMap of a model', () => {
  const target: Target = { name: 'api-ha', store: 'api', url: 'https://api' };
  const store = modelStore('set', target, { namespace: 'ns' });
  const answer = (status: number, body: unknown) => ({ sent: true, status, body: JSON.stringify(body), error: null });

  it('is made when it is not there, and else replaced in the version that was read', () => {
    expect(store.held(answer(404, {}))).to.deep.equal({ value: null, version: null });
    expect(store.swap(target, { value: null, version: null }, ['a'])).to.include({
      method: 'POST',
      url: 'https://api/api/v1/namespaces/ns/configmaps',
    });
    const held = store.held(answer(200, { metadata: { resourceVersion: '7' }, data: { value: '["a"]' } }));
    expect(held).to.deep.equal({ value: ['a'], version: '7' });
    const swap = store.swap(target, held!, ['a', 'b']);
    expect(swap).to.include({ method: 'PUT', url: 'https://api/api/v1/namespaces/ns/configmaps/ledger-model-set' });
    expect(JSON.parse(swap.body ?? '')).to.have.nested.property('metadata.resourceVersion', '7');
  });

  const absent = { value: null, version: null };
  const there = { value: ['a'], version: '7' };

  it('tells a conflict from an acknowledgement and from what nobody knows', () => {
    expect(store.outcome(answer(200, { kind: 'ConfigMap' }), there).outcome).to.equal('ok');
    expect(store.outcome(answer(200, { kind: 'ConfigMap' }), absent).outcome).to.equal('unknown');
    expect(store.outcome(answer(409, { reason: 'Conflict', message: 'changed' }), there).outcome).to.equal('failed');
    expect(store.outcome(answer(500, { message: 'etcdserver: request timed out' }), there).outcome).to.equal('unknown');
    expect(store.held({ sent: true, status: 0, body: '', error: 'timeout' })).to.equal(null);
  });

  it('has a name that no record has', () => {
    expect(isModelKey(store.key)).to.equal(true);
    expect(isModelKey('ledger-api-ha-0000001')).to.equal(false);
    expect(isModelKey('ledger/model/append')).to.equal(true);
  });
});
