import { expect } from 'chai';

import { KnownObjects } from './known-objects.ts';
import type { KubeList, KubeObject } from './object.ts';

const object = (uid: string, version: number, replicas: number): KubeObject => ({
  metadata: { uid, name: `name-${uid}`, namespace: 'web', resourceVersion: String(version) },
  replicas,
});
const list = (version: number, ...items: KubeObject[]): KubeList => ({
  metadata: { resourceVersion: String(version) },
  items,
});
const make = (): KnownObjects =>
  new KnownObjects({ object: 'Thing', path: '/things', reduce: (each) => ({ replicas: each['replicas'] as number }) });

describe('KnownObjects', () => {
  it('reports a change of the reduced value alone', () => {
    const known = make();
    expect(known.upsert(object('a', 1, 3))).to.include({ change: 'added', object: 'Thing', name: 'name-a' });
    expect(known.upsert(object('a', 2, 3))).to.equal(null);
    expect(known.upsert(object('a', 3, 4))).to.deep.include({ change: 'modified', value: { replicas: 4 } });
  });

  it('reports what a new list adds, changes and lacks', () => {
    const known = make();
    known.replace(list(5, object('a', 1, 1), object('b', 2, 1), object('c', 3, 1)));
    const changes = known.replace(list(9, object('a', 1, 1), object('b', 8, 2), object('d', 9, 1)));
    expect(changes.map(({ change, uid }) => `${change} ${uid}`)).to.deep.equal(['deleted c', 'modified b', 'added d']);
  });

  it('reports an end once, with the last value', () => {
    const known = make();
    known.upsert(object('a', 1, 3));
    expect(known.remove('a')).to.deep.include({ change: 'deleted', value: { replicas: 3 } });
    expect(known.remove('a')).to.equal(null);
  });

  it('knows when it is behind a list', () => {
    const known = make();
    known.replace(list(5, object('a', 1, 1), object('b', 2, 1)));
    expect(known.behind(list(6, object('a', 1, 1), object('b', 2, 1)))).to.equal(null);
    expect(known.behind(list(7, object('a', 7, 1), object('b', 2, 1)))).to.include('name-a has version 7');
    expect(known.behind(list(7, object('a', 1, 1)))).to.equal('the end of name-b was not delivered');
  });

  it('is not behind a list that is older than what it knows', () => {
    const known = make();
    known.replace(list(5, object('a', 1, 1)));
    known.upsert(object('new', 9, 1));
    expect(known.behind(list(6, object('a', 1, 1)))).to.equal(null);
  });
});
