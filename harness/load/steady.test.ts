import { expect } from 'chai';

import { RecentRequests, steadiness, type StreamFigures } from './steady.ts';

const every25Ms = (fromMs: number, toMs: number, recent: RecentRequests, ok = true): void => {
  for (let startMs = fromMs; startMs < toMs; startMs += 25)
    recent.add({ endMs: startMs + 2, ok, error: ok ? undefined : 'timeout' });
};
const figures = (recent: RecentRequests, nowMs: number): StreamFigures => ({
  path: 'web',
  mode: 'new',
  ...recent.figures(nowMs),
});

describe('the steady gate', () => {
  it('opens after 2 s at the rate without a failure', () => {
    const recent = new RecentRequests();
    every25Ms(0, 2_000, recent);
    expect(steadiness([figures(recent, 2_000)], 40)).to.deep.equal({ steady: true });
  });

  it('stays shut while the rate is below 95 %', () => {
    const recent = new RecentRequests();
    every25Ms(0, 1_850, recent);
    expect(steadiness([figures(recent, 2_000)], 40)).to.deep.equal({
      steady: false,
      because: 'rate',
      saw: 'web (new) 37.0/s of 40/s, 0 failed',
    });
  });

  it('stays shut for one failure, also of a request that was sent before the window', () => {
    const recent = new RecentRequests();
    recent.add({ endMs: 3_000, ok: false, error: 'timeout' });
    every25Ms(1_025, 4_000, recent);
    expect(steadiness([figures(recent, 4_000)], 40)).to.deep.equal({
      steady: false,
      because: 'failures',
      saw: 'web (new) 40.5/s of 40/s, 1 failed (timeout)',
    });
    every25Ms(4_000, 5_100, recent);
    expect(steadiness([figures(recent, 5_100)], 40).steady).to.equal(true);
  });

  it('opens on a service that takes its time: what counts is how many answers come', () => {
    const slow = new RecentRequests();
    for (let startMs = 0; startMs < 4_000; startMs += 25)
      slow.add({ endMs: startMs + 700, ok: true, error: undefined });
    expect(steadiness([figures(slow, 4_000)], 40)).to.deep.equal({ steady: true });
  });

  it('needs every path and mode', () => {
    const good = new RecentRequests();
    every25Ms(0, 2_000, good);
    const state = steadiness([figures(good, 2_000), { ...figures(new RecentRequests(), 2_000), mode: 'reused' }], 40);
    expect(state.steady).to.equal(false);
  });

  it('never opens on nothing', () => {
    expect(steadiness([], 40).steady).to.equal(false);
  });
});
