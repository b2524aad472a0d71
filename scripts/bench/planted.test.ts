import { expect } from 'chai';

import { between, requests } from '../../harness/guarantees/testing/histories.ts';
import { judgePlanted, type Planted } from './planted.ts';

const planted: Planted = {
  lengthMs: 1_000,
  calmFromMs: 0,
  calmToMs: 12_000,
  beforeMs: 5_000,
  fromMs: 5_002,
  toMs: 6_000,
  afterMs: 6_003,
};
const load = (fromMs: number, toMs: number) =>
  requests({ path: 'across', mode: 'new', toMs: 12_000, periodMs: 25, fails: between(fromMs, toMs) });

describe('a planted outage', () => {
  it('is contained in what the judge reports', () => {
    const judged = judgePlanted(load(5_000, 6_000), planted, 'new');
    expect(judged?.contained).to.equal(true);
    expect(judged?.widthMs).to.be.within(1, 100);
  });

  it('is not contained in the interval of another outage', () => {
    expect(judgePlanted(load(5_000, 5_500), planted, 'new')?.contained).to.equal(false);
    expect(judgePlanted(load(5_000, 7_000), planted, 'new')?.contained).to.equal(false);
  });

  it('is not seen where nothing failed', () => {
    expect(judgePlanted(load(0, 0), planted, 'new')).to.equal(null);
  });
});
