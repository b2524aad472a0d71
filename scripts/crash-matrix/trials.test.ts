import { expect } from 'chai';

import { crashSteps } from './crash.ts';
import type { TrialResult } from './run-trials.ts';
import { rowsOf, totalOf } from './summary.ts';
import { trialsOf } from './trials.ts';

const fault = { name: 'a-fault', minimumHoldMs: 3_000, example: { zone: 'zone-a' } };

describe('the trials of a fault', () => {
  for (const steps of [crashSteps, crashSteps.slice(0, 5), crashSteps.slice(3, 4)])
    it(`go through ${String(steps.length)} steps, each with both ways of recovery`, () => {
      const trials = trialsOf(fault, 2 * steps.length, 1, steps);
      for (const step of steps) {
        const ways = trials.filter(({ crash }) => crash.step === step).map(({ recovery }) => recovery);
        expect(ways.sort(), step).to.deep.equal(['heal', 'leash']);
      }
    });

  it('are the same for the same seed, and others for another', () => {
    expect(trialsOf(fault, 20, 7)).to.deep.equal(trialsOf(fault, 20, 7));
    expect(trialsOf(fault, 20, 7)).not.to.deep.equal(trialsOf(fault, 20, 8));
    expect(trialsOf(fault, 1, 7)[0]?.params).to.deep.equal({ zone: 'zone-a' });
  });

  it('die within the hold where they are to', () => {
    for (const { crash, holdMs } of trialsOf(fault, 50, 1, ['holding'])) expect(crash.delayMs).to.be.below(holdMs);
  });
});

describe('the summary of trials', () => {
  const [trial] = trialsOf(fault, 1, 1, ['holding']);
  const result = (given: Partial<TrialResult>): TrialResult => {
    if (trial === undefined) throw new Error('no trial');
    const clean = {
      evidence: 'runs/x',
      company: 0,
      notKilled: null,
      broken: ['w1: x'],
      recovery: 'leash',
      leashMs: 9_000,
    } as const;
    return { trial, ...clean, backMs: 12_000, residue: [], ...given };
  };

  it('counts residue, and no runner that lived', () => {
    const results = [
      result({}),
      result({ recovery: 'heal', leashMs: null, broken: null, residue: ['w1: a rule is left'] }),
      result({ notKilled: 'it is refused' }),
    ];
    expect(rowsOf(results)).to.deep.equal([
      {
        fault: 'a-fault',
        step: 'holding',
        trials: 2,
        byLeash: 1,
        byHeal: 1,
        broken: 1,
        residue: 1,
        slowestLeashMs: 9_000,
        slowestBackMs: 12_000,
      },
    ]);
    expect(totalOf(results)).to.match(
      /^2 runners killed over 1 faults: 1 undone by the leash alone, 1 by heal, .* residue in 1\.$/,
    );
  });
});
