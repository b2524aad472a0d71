import { expect } from 'chai';

import type { FaultEvent } from '../../harness/model/history.ts';
import { faultTimes } from './fault-times.ts';

const event = (phase: FaultEvent['phase'], atMs: number): FaultEvent => {
  return { kind: 'fault', atMs, step: '1-x', fault: 'x', phase, detail: '', targets: [] };
};

describe('the times of a fault', () => {
  it('run from the orders to the evidence of the victim', () => {
    const events = [
      event('injecting', 10),
      event('injected', 15),
      event('felt', 40),
      event('healing', 100),
      event('gone', 130),
    ];
    expect(faultTimes(events)).to.deep.equal({ toFirstEffectMs: 30, toLastEffectMs: 30 });
  });

  it('are unknown where the evidence is missing', () => {
    expect(faultTimes([event('injecting', 10), event('not-felt', 40)])).to.deep.equal({
      toFirstEffectMs: null,
      toLastEffectMs: null,
    });
  });
});
