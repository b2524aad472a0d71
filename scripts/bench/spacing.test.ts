import { expect } from 'chai';

import type { HistoryEvent } from '../../harness/model/history.ts';
import { spacings, steadyTime } from './spacing.ts';

const request = (startMs: number, more: object = {}): HistoryEvent => ({
  kind: 'request',
  path: 'web',
  mode: 'new',
  seq: startMs,
  startMs,
  endMs: startMs + 1,
  ok: true,
  status: 200,
  ...more,
});

describe('the spacing of samples', () => {
  it('is measured between starts, of each path by itself, without what was never sent', () => {
    const history = [
      request(0),
      request(40),
      request(60, { path: 'control' }),
      request(90),
      request(70, { error: 'dropped' }),
    ];
    expect(spacings(history, 0, 100)).to.deep.equal(
      new Map([
        ['web (new)', [40, 50]],
        ['control (new)', []],
      ]),
    );
    expect(spacings(history, 30, 100).get('web (new)')).to.deep.equal([50]);
  });

  it('knows the steady time from the phases', () => {
    const phase = (name: string, state: 'started' | 'ended', atMs: number): HistoryEvent => ({
      kind: 'phase',
      phase: name,
      state,
      atMs,
    });
    expect(steadyTime([phase('steady', 'ended', 5), phase('recover', 'started', 9)])).to.deep.equal({
      fromMs: 5,
      toMs: 9,
    });
    expect(steadyTime([phase('steady', 'started', 5)])).to.equal(null);
  });
});
