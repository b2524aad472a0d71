import { expect } from 'chai';

import type { FaultRecord, JudgedGuarantee } from '../model/report.ts';
import type { Verdict } from '../model/verdict.ts';
import { conclude, type Grounds } from './conclude.ts';

const fault = (proved: boolean): FaultRecord => ({
  step: '1-x',
  fault: 'x',
  targets: ['w1'],
  plan: null,
  active: { proved, evidence: 'no packet was dropped' },
  gone: { proved: true, evidence: 'it is gone' },
  injectedMs: 1,
  feltMs: proved ? 2 : null,
  healedMs: 3,
  goneMs: 4,
});
const judged = (verdict: Verdict): JudgedGuarantee => ({
  spec: { guarantee: 'rto', params: {} },
  promise: 'rto(15s)',
  verdict,
});
const held = judged({ status: 'held', measured: 'measured 2 s', figures: [] });
const violated = judged({
  status: 'violated',
  measured: 'measured 20 s',
  figures: [],
  because: 'violated rto(15s) - measured 20 s',
  evidence: [],
});
const unknown = judged({ status: 'unknown', because: 'a gap covers the window' });
const grounds: Grounds = {
  guarantees: [held],
  faults: [fault(true)],
  wanted: 1,
  fingerprint: { compared: ['w1'], differences: [] },
  left: [],
  stopped: null,
};

describe('conclude', () => {
  const table: readonly [string, Partial<Grounds>, string, RegExp][] = [
    ['everything proved and held', {}, 'held', /every fault was felt and healed/],
    ['a fault that was not felt', { faults: [fault(false)] }, 'unknown', /1-x was not felt: no packet was dropped/],
    ['a fault that was never begun', { faults: [] }, 'unknown', /only 0 of 1 faults were injected/],
    ['a violated promise', { guarantees: [held, violated] }, 'violated', /^violated rto\(15s\) - measured 20 s$/],
    [
      'several violated promises',
      { guarantees: [violated, held, violated] },
      'violated',
      /^2 of 3 promises are violated: rto, rto$/,
    ],
    ['an unknown promise', { guarantees: [held, unknown] }, 'unknown', /a gap covers the window/],
    [
      'violated outranks unknown',
      { guarantees: [unknown, violated], faults: [fault(false)] },
      'violated',
      /^violated rto/,
    ],
    ['no promise at all', { guarantees: [] }, 'unknown', /nothing was promised/],
    [
      'something left on a node',
      { fingerprint: { compared: [], differences: ['w1: nft table'] } },
      'harness-error',
      /left behind: w1: nft table/,
    ],
    ['a fault not proved gone', { left: ['1-x was not proved gone'] }, 'harness-error', /not proved gone/],
    [
      'an obstacle',
      { guarantees: [], faults: [], stopped: { outcome: 'skipped', because: 'no netem' } },
      'skipped',
      /^no netem$/,
    ],
  ];
  for (const [what, change, outcome, because] of table) {
    it(`${what}: ${outcome}`, () => {
      const concluded = conclude({ ...grounds, ...change });
      expect(concluded.outcome).to.equal(outcome);
      expect(concluded.because).to.match(because);
    });
  }
});
