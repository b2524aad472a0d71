import { expect } from 'chai';

import type { Figure } from '../harness/model/verdict.ts';
import { count, formatAt, formatInterval, labelOf, printable } from './wording.ts';

describe('the wording of reports', () => {
  const intervals: readonly (readonly [lower: number, upper: number, unit: Figure['unit'], said: string])[] = [
    [0, 0, 'count', '0'],
    [2, 5, 'count', '2–5'],
    [0, 0, 'ms', '0 ms'],
    [820, 871, 'ms', '820–871 ms'],
    [980, 1_020, 'ms', '0.98–1.02 s'],
    [16_571, 16_650, 'ms', '16.57–16.65 s'],
    [16_571, 17_128, 'ms', '16.6–17.1 s'],
    [31_000, Infinity, 'ms', 'at least 31.0 s'],
    [0, Infinity, 'ms', 'unbounded'],
    [31_000, null as unknown as number, 'ms', 'at least 31.0 s'],
    [99.5, 99.75, 'percent', '99.5–99.8 %'],
    [0.5, 0.5, 'ratio', '0.50'],
  ];
  for (const [lower, upper, unit, said] of intervals) {
    it(`says ${said}`, () => {
      expect(formatInterval({ lower, upper, unit })).to.equal(said);
    });
  }

  it('names a guarantee by its parameters in alphabetical order', () => {
    expect(labelOf({ guarantee: 'rto', params: { under: '15s', path: 'nodeport-*' } })).to.equal(
      'rto(path=nodeport-*, under=15s)',
    );
    expect(labelOf({ guarantee: 'pdb-honoured', params: {} })).to.equal('pdb-honoured');
  });

  it('says instants on the run’s clock, and a dash for what did not happen', () => {
    expect([formatAt(24_910), formatAt(null)]).to.deep.equal(['t+24.91 s', '–']);
  });

  it('counts', () => {
    expect([count(1, 'event'), count(0, 'event'), count(2, 'loss', 'losses')]).to.deep.equal([
      '1 event',
      '0 events',
      '2 losses',
    ]);
  });

  it('takes away what moves a cursor and keeps what is text', () => {
    expect(printable('a\u001b[2Jb\r\u0007c\td\ne\uD800f é 😀')).to.equal('a\uFFFD[2Jb\uFFFD\uFFFDc\td\ne\uFFFDf é 😀');
  });
});
