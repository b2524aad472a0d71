import { expect } from 'chai';

import type { GapEvent } from '../model/history.ts';
import { indexHistory } from './history-index.ts';
import { latenessOf } from './lateness.ts';

const gap = (probe: string, startMs: number, endMs: number): GapEvent => ({
  kind: 'gap',
  probe,
  startMs,
  endMs,
  because: 'it stood still',
});

describe('lateness', () => {
  const late = latenessOf(
    indexHistory([
      gap('processors', 5_500, 6_000),
      gap('harness', 1_000, 1_400),
      gap('processors', 5_000, 5_500),
      gap('recorder', 8_000, 9_000),
    ]),
  );

  it('reaches back to where the harness began to stand still', () => {
    expect([900, 1_000, 1_300, 1_480, 1_600].map(late)).to.deep.equal([0, 0, 300, 480, 0]);
  });

  it('takes stalls that follow each other for one', () => {
    expect([5_200, 5_900, 6_050].map(late)).to.deep.equal([200, 900, 1_050]);
  });

  it('has nothing to do with other gaps', () => {
    expect(late(8_500)).to.equal(0);
  });
});
