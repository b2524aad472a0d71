import { expect } from 'chai';

import type { Attempt } from './attempt.ts';
import type { Target } from './job.ts';
import { storesOf } from './stores.ts';

const { api, data } = storesOf({ namespace: 'ns' });
const answer = (body: unknown): Attempt => ({ sent: true, status: 200, body: JSON.stringify(body), error: null });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the stores', () => {
  const server: Target = { name: 'api-cp1', store: 'api', url: 'https://198.18.0.11:6443' };
  const etcd: Target = { name: 'etcd-data-zone-a', store: 'data', url: 'http://198.18.0.101:30079' };

  it('create one ConfigMap for a record', () => {
    const { method, url, body } = api.write(server, api.key('api-cp1', 17), 'api-cp1#17');
    expect({ method, url }).to.deep.equal({
      method: 'POST',
      url: 'https://198.18.0.11:6443/api/v1/namespaces/ns/configmaps',
    });
    expect(JSON.parse(body ?? '')).to.deep.include({ kind: 'ConfigMap', data: { value: 'api-cp1#17' } });
    expect(api.key('api-cp1', 17)).to.match(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  });

  it('read ConfigMaps page by page from the quorum', () => {
    const page = api.parsePage(
      answer({ metadata: { continue: 'abc' }, items: [{ metadata: { name: 'k1' }, data: { value: '1' } }] }),
    );
    expect(page).to.deep.equal({ records: { k1: '1' }, after: 'abc' });
    const { url } = api.readPage(server, page.after);
    expect(url).to.include('continue=abc').and.not.include('resourceVersion');
    expect(api.parsePage(answer({ metadata: { continue: '' }, items: null })).after).to.equal(undefined);
  });

  it('put and range keys of etcd, page by page', () => {
    const key = data.key('etcd-data-zone-a', 3);
    expect(JSON.parse(data.write(etcd, key, '3').body ?? '')).to.deep.equal({ key: base64(key), value: base64('3') });
    const kvs = [{ key: base64(key), value: base64('3') }];
    expect(data.parsePage(answer({ header: { revision: '9' }, kvs, more: true }))).to.deep.equal({
      records: { [key]: '3' },
      after: key,
    });
    const next = JSON.parse(data.readPage(etcd, key).body ?? '') as { readonly key: string };
    expect(Buffer.from(next.key, 'base64').toString()).to.equal(`${key}\0`);
    expect(data.parsePage(answer({ header: { revision: '9' } }))).to.deep.equal({ records: {}, after: undefined });
  });

  it('do not take another answer for an empty store', () => {
    expect(() => api.parsePage(answer({ kind: 'Status' }))).to.throw();
    expect(() => data.parsePage(answer({}))).to.throw();
  });
});
