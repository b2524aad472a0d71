import { expect } from 'chai';

import { mergeSpans, spanOf, type Span } from './spans.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs, endMs });

describe('merging spans', () => {
  const given = [span(50, 60), span(0, 20), span(10, 15), span(22, 30)];

  it('makes one of those that overlap, in order', () => {
    expect(mergeSpans(given, 0, spanOf)).to.deep.equal([span(0, 20), span(22, 30), span(50, 60)]);
  });

  it('makes one of those that are near enough', () => {
    expect(mergeSpans(given, 2, spanOf)).to.deep.equal([span(0, 30), span(50, 60)]);
    expect(given[0]).to.deep.equal(span(50, 60));
  });
});
