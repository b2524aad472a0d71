import { expect } from 'chai';

import type { GapEvent } from '../model/history.ts';
import { Doubt } from './doubt.ts';

describe('Doubt', () => {
  const make = (): { readonly doubt: Doubt; readonly gaps: GapEvent[] } => {
    const gaps: GapEvent[] = [];
    return { gaps, doubt: new Doubt('recorder/Pod', 0, (gap) => gaps.push(gap)) };
  };

  it('makes a gap from the last good moment when something came late', () => {
    const { doubt, gaps } = make();
    doubt.confirm(1_000, 1_010);
    doubt.raise('the watch broke');
    doubt.delivered(2_500);
    doubt.confirm(2_600, 2_650);
    expect(gaps).to.deep.equal([
      { kind: 'gap', probe: 'recorder/Pod', startMs: 1_000, endMs: 2_650, because: 'the watch broke' },
    ]);
  });

  it('makes none when nothing was outstanding after a break', () => {
    const { doubt, gaps } = make();
    doubt.raise('the watch broke');
    doubt.confirm(500, 510);
    doubt.delivered(600);
    doubt.confirm(700, 710);
    expect(gaps).to.deep.equal([]);
  });

  it('takes an event that came in order for a good moment', () => {
    const { doubt } = make();
    doubt.delivered(800);
    expect(doubt.lastGoodMs).to.equal(800);
    doubt.raise('the watch broke');
    doubt.delivered(900);
    expect(doubt.lastGoodMs).to.equal(800);
  });

  it('makes a gap of what could not be confirmed at the end', () => {
    const { doubt, gaps } = make();
    doubt.confirm(100, 110);
    doubt.raise('no answer');
    doubt.end(5_000);
    doubt.end(6_000);
    expect(gaps).to.have.length(1);
    expect(gaps[0]).to.include({ startMs: 100, endMs: 5_000 });
  });
});
