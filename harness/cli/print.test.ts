import { expect } from 'chai';

import { columns } from './print.ts';

describe('columns', () => {
  it('aligns columns and wraps the last under itself', () => {
    const rows = [
      ['rto', 'the service answers again in time'],
      ['pdb-honoured', 'short'],
    ];
    expect(columns(rows, 36)).to.deep.equal([
      '  rto           the service answers',
      '                again in time',
      '  pdb-honoured  short',
    ]);
  });

  it('does not count colors as width', () => {
    expect(
      columns(
        [
          ['\x1b[1mab\x1b[22m', 'x'],
          ['abc', 'y'],
        ],
        80,
      ),
    ).to.deep.equal(['  \x1b[1mab\x1b[22m   x', '  abc  y']);
  });

  it('makes nothing of nothing', () => {
    expect(columns([], 80)).to.deep.equal([]);
  });
});
