import { expect } from 'chai';

import type { HistoryEvent, StateEvent } from '../../harness/model/history.ts';
import { extraPodsMs, madeTwice, notDone, processedArrivals } from '../chaos/processed-once.ts';

const arrival = (kind: string, name: string): HistoryEvent => ({
  kind: 'sample',
  probe: 'arrival',
  atMs: 100,
  value: { kind, name, replicas: 2 },
});

const state = (
  object: string,
  name: string,
  owner: readonly [string, string],
  more: { readonly [field: string]: string | number | boolean | null } = {},
  change: StateEvent['change'] = 'added',
): StateEvent => ({
  kind: 'state',
  atMs: 200,
  change,
  object,
  namespace: 'shakedown',
  name,
  uid: `uid-of-${name}`,
  value: { restarts: 0, replicas: 2, ready: 2, updated: 2, ownerKind: owner[0], ownerName: owner[1], ...more },
});

const pod = (name: string, owner: readonly [string, string], node = 'w1'): StateEvent =>
  state('Pod', name, owner, { node, ready: true });
const set = (name: string): StateEvent => state('ReplicaSet', name, ['Deployment', 'a']);
const usual = [
  arrival('Deployment', 'a'),
  set('a-1'),
  pod('a-1-x', ['ReplicaSet', 'a-1']),
  pod('a-1-y', ['ReplicaSet', 'a-1']),
];
const twice = (...events: readonly HistoryEvent[]): readonly string[] => madeTwice(processedArrivals(events));
const undone = (...events: readonly HistoryEvent[]): readonly string[] => notDone(processedArrivals(events));

describe('what is done once', () => {
  it('has nothing to say of what has its pods, each on a node and ready', () => {
    const job = [arrival('Job', 'b'), pod('b-x', ['Job', 'b']), pod('b-y', ['Job', 'b'])];
    for (const events of [usual, job]) expect([...twice(...events), ...undone(...events)]).to.deep.equal([]);
  });

  it('finds a pod too many, even when it was taken away again', () => {
    const third = { ...pod('a-1-z', ['ReplicaSet', 'a-1']), atMs: 900 };
    const gone = { ...third, change: 'deleted' as const, atMs: 950 };
    expect(twice(...usual, third, gone)).to.deep.equal(['Deployment a had 3 pods and wants 2']);
    expect(undone(...usual, third, gone)).to.deep.equal([]);
    expect(extraPodsMs(processedArrivals([...usual, third, gone]))).to.deep.equal([900]);
  });

  it('finds a pod too many that stays, and counts it once however often it is told', () => {
    const third = pod('a-1-z', ['ReplicaSet', 'a-1']);
    expect(twice(...usual, third, { ...third, change: 'modified' })).to.deep.equal([
      'Deployment a had 3 pods and wants 2',
    ]);
    expect(undone(...usual, third)).to.deep.equal(['Deployment a has 3 pods and wants 2']);
  });

  it('finds a second ReplicaSet, which two controllers made', () => {
    expect(twice(...usual, set('a-2'))).to.deep.equal(['Deployment a had 2 ReplicaSets']);
  });

  it('finds what was not done', () => {
    expect(undone(arrival('Job', 'b'), pod('b-x', ['Job', 'b']))).to.deep.equal(['Job b has 1 pods and wants 2']);
    expect(undone(arrival('Deployment', 'a'))).to.deep.equal([
      'Deployment a has no ReplicaSet',
      'Deployment a has 0 pods and wants 2',
    ]);
  });

  it('finds a pod that was placed twice, and one that is not ready', () => {
    const job = ['Job', 'b'] as const;
    const moved = state('Pod', 'b-x', job, { node: 'w2', ready: true }, 'modified');
    const waiting = state('Pod', 'b-y', job, { node: null, ready: false });
    const events = [arrival('Job', 'b'), pod('b-x', job), moved, waiting];
    expect(twice(...events)).to.deep.equal(['Job b: b-x was on w1 and w2']);
    expect(undone(...events)).to.deep.equal(['Job b: b-y is not ready']);
  });

  it('keeps the pods of others apart, and tells when its own came and were placed', () => {
    const first = { ...state('Pod', 'b-x', ['Job', 'b'], { node: null, ready: false }), atMs: 300 };
    const placed = { ...pod('b-x', ['Job', 'b']), atMs: 400, change: 'modified' as const };
    const [found] = processedArrivals([arrival('Job', 'b'), first, placed, pod('c-x', ['Job', 'c'])]);
    expect(found?.pods).to.have.lengthOf(1);
    expect([found?.pods[0]?.firstMs, found?.pods[0]?.placedMs]).to.deep.equal([300, 400]);
  });
});
