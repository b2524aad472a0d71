import { expect } from 'chai';

import { parseLine, WallClockJoin } from './line.ts';

const good = '{"pod":"web-1","node":"w1","zone":"zone-a"}';
const text = (status: number, code: number, error: string, body: string): string =>
  JSON.stringify(['nodeport-zone-a', 'new', 7, 1_000, 1_175, 180.25, 181.5, status, code, error, body]);

describe('a line of k6', () => {
  it('is a request with its times, number and who answered', () => {
    expect(parseLine(text(200, 0, '', good))).to.deep.equal({
      path: 'nodeport-zone-a',
      mode: 'new',
      seq: 7,
      firstWallMs: 1_000,
      wallMs: 1_175,
      startMs: 180.25,
      endMs: 181.5,
      status: 200,
      answer: { ok: true, pod: 'web-1', node: 'w1', zone: 'zone-a' },
    });
  });

  it('is not a request when k6 speaks of itself', () => {
    for (const other of ['', 'Request Failed', '[half a line', '["too","short"]', '{"pod":"x"}', '[] and more'])
      expect(parseLine(other), other).to.equal(null);
  });

  const answers: readonly (readonly [string, Parameters<typeof text>, object])[] = [
    ['good without a zone', [200, 0, '', '{"pod":"p","node":"n"}'], { ok: true, pod: 'p', node: 'n' }],
    ['not ok without a pod', [200, 0, '', '{"node":"n"}'], { ok: false, error: 'bad-body' }],
    ['not ok with a body that is no JSON', [200, 0, '', 'hello'], { ok: false, error: 'bad-body' }],
    ['not ok with a body of null', [200, 0, '', 'null'], { ok: false, error: 'bad-body' }],
    ['not ok with another status', [503, 1_503, '', ''], { ok: false, error: 'http-503' }],
    [
      'not ok when redirected',
      [302, 0, '', good],
      { ok: false, error: 'http-302', pod: 'web-1', node: 'w1', zone: 'zone-a' },
    ],
    ['not ok without an answer', [0, 1_212, 'dial: connection refused', ''], { ok: false, error: 'refused' }],
    [
      'not ok when the body broke off',
      [200, 1_050, 'request timeout', good.slice(0, 9)],
      { ok: false, error: 'timeout' },
    ],
  ];
  for (const [what, given, expected] of answers)
    it(`is ${what}`, () => {
      expect(parseLine(text(...given))?.answer).to.deep.equal(expected);
    });
});

describe('the join of the clocks', () => {
  const line = (wallMs: number, startMs: number, endMs: number) => {
    const parsed = parseLine(JSON.stringify(['a', 'new', 0, 0, wallMs, startMs, endMs, 200, 0, '', good]));
    if (!parsed) throw new Error('not a line');
    return parsed;
  };

  it('comes to within the fraction of a millisecond of the best line, and stays there', () => {
    // The true distance is 1000.9 ms: a line at 5.05 ms happens at 1005.95 and prints 1005.
    const join = new WallClockJoin();
    expect(join.wall(line(1_005, 5.05, 6.05)).startMs).to.be.closeTo(1_005, 0.001);
    // At 7.12 ms the wall clock says 1008 and has just ticked.
    expect(join.wall(line(1_008, 7.12, 9.12))).to.deep.equal({ startMs: 1_008, endMs: 1_010 });
    // A stall between the reading of both clocks must not move anything.
    expect(join.wall(line(1_010, 59.12, 60.12)).startMs).to.be.closeTo(1_060, 0.001);
  });
});
