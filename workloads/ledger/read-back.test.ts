import { expect } from 'chai';

import type { Target } from './job.ts';
import { onRunsClock, readEvents, type Tried } from './read-back.ts';

const target: Target = { name: 'api-ha', store: 'api', url: 'https://198.18.0.10:6443' };
const tried: Tried = new Map([
  ['api', new Set(['k1', 'k2'])],
  ['data', new Set(['other'])],
]);
const times = { target: 'api-ha', startWallMs: 1_010, endWallMs: 1_020 };
/** The run began at 1,000 by the wall clock as it goes now. */
const read = (found: object) => readEvents(target, onRunsClock({ ...times, ...found }, 1_000), tried);

describe('reading back', () => {
  it('tells of every record of the store whether it is there', () => {
    const events = read({ records: { k1: 1 } });
    expect(events.map(({ key, value, outcome }) => [key, value, outcome])).to.deep.equal([
      ['k1', 1, 'ok'],
      ['k2', null, 'ok'],
    ]);
    expect(events[0]).to.include({ kind: 'op', action: 'read', target: 'api-ha', startMs: 10, endMs: 20 });
  });

  it('tells of records of which no write is known', () => {
    expect(read({ records: { k1: 1, k2: 2, k3: 3 } }).map(({ key }) => key)).to.deep.equal(['k1', 'k2', 'k3']);
  });

  it('does not take a target that cannot be read for one that is empty', () => {
    for (const event of read({ error: 'timeout' })) expect(event).to.include({ outcome: 'failed', error: 'timeout' });
  });
});
