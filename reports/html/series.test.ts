import { expect } from 'chai';

import type { RequestEvent } from '../../harness/model/history.ts';
import { syntheticRun } from '../testdata/power-loss.ts';
import { bucketWidth, gather } from './series.ts';

const request = (startMs: number, ok: boolean, tookMs = 5): RequestEvent => ({
  kind: 'request',
  path: 'web',
  mode: 'new',
  seq: startMs,
  startMs,
  endMs: startMs + tookMs,
  ok,
  status: ok ? 200 : 0,
  ...(ok ? {} : { error: 'timeout' }),
});

describe('the load in buckets', () => {
  it('is null without requests', () => {
    expect(gather([])).to.equal(null);
  });

  it('sums and keeps the extremes', () => {
    const load = gather([
      request(1_000, true, 4),
      request(1_010, true, 10),
      request(1_249, false),
      request(1_250, true, 7),
    ])!;
    expect(load.bucketMs).to.equal(250);
    expect(load.span).to.deep.equal({ startMs: 1_000, endMs: 1_500 });
    expect(load.series[0]!.buckets).to.deep.equal([
      { ok: 2, failed: 1, minMs: 4, sumMs: 14, maxMs: 10 },
      { ok: 1, failed: 0, minMs: 7, sumMs: 7, maxMs: 7 },
    ]);
    expect(load.series[0]!.firstFailureMs).to.equal(1_249);
  });

  it('loses no failure', () => {
    const { history } = syntheticRun();
    const load = gather(history)!;
    const sum = load.series.flatMap(({ buckets }) => buckets).reduce((all, { failed }) => all + failed, 0);
    const truth = history.filter((event) => event.kind === 'request' && !event.ok).length;
    expect(truth).to.equal(770);
    expect(sum).to.equal(truth);
    expect(load.series.reduce((all, { failed }) => all + failed, 0)).to.equal(truth);
  });

  it('keeps a single failure among 100,000 requests', () => {
    const events = Array.from({ length: 100_000 }, (_, at) => request(at * 100, at !== 77_777));
    const [series] = gather(events)!.series;
    expect(series!.buckets.filter(({ failed }) => failed === 1)).to.have.length(1);
    expect(series!.errors).to.deep.equal(new Map([['timeout', 1]]));
  });

  it('never makes more buckets than pixels, however long the run', () => {
    for (const minutes of [1, 10, 30, 300, 3_000, 30_000]) {
      const endMs = minutes * 60_000;
      expect(endMs / bucketWidth({ startMs: 0, endMs })).to.be.at.most(1_200);
    }
  });

  it('puts the control target last, and new connections before reused ones', () => {
    const names = gather(syntheticRun().history)!.series.map(({ path, mode }) => `${path} ${mode}`);
    expect(names.slice(0, 2)).to.deep.equal(['nodeport-zone-a new', 'nodeport-zone-a reused']);
    expect(names.at(-1)).to.equal('control new');
  });
});
