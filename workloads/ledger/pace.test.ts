import { expect } from 'chai';

import type { OpEvent } from '../../harness/model/history.ts';
import { Pace } from './pace.ts';

const write = (startMs: number, outcome: OpEvent['outcome'] = 'ok', tookMs = 5): OpEvent => ({
  kind: 'op',
  client: 'api-ha-0',
  target: 'api-ha',
  action: 'write',
  key: 'k',
  value: 1,
  startMs,
  endMs: startMs + tookMs,
  outcome,
  ...(outcome === 'ok' ? {} : { error: 'timeout' }),
});

describe("the ledger's pace", () => {
  it('is there when all writes of 2 s were acknowledged', () => {
    const pace = new Pace(['api-ha'], 100);
    for (let atMs = 0; atMs < 2_000; atMs += 100) pace.add(write(atMs));
    expect(pace.lacking(2_000)).to.equal(null);
    expect(pace.lacking(2_500)).to.include('api-ha 15 of 20 writes acknowledged in 2 s, 0 not');
  });

  it('is not there while one write was not acknowledged, however long ago it began', () => {
    const pace = new Pace(['api-ha'], 100);
    pace.add(write(0, 'unknown', 3_000));
    for (let atMs = 100; atMs < 4_000; atMs += 100) pace.add(write(atMs));
    expect(pace.lacking(4_000)).to.include('20 of 20 writes acknowledged in 2 s, 1 not (timeout)');
  });

  it('is not there for a target that says nothing', () => {
    expect(new Pace(['api-ha', 'api-cp1'], 100).lacking(0)).to.include('api-cp1 0 of 20');
  });
});
