import { expect } from 'chai';

import { countsIn, SpecStream, type SpecOutcome } from './spec-stream.ts';

const rule = '------------------------------';
const read = (text: string): readonly SpecOutcome[] => {
  const stream = new SpecStream();
  return text
    .split('\n')
    .map((line) => stream.read(line))
    .filter((outcome) => outcome !== null);
};

describe('conformance: spec stream', () => {
  it('reads a passed spec with its name and seconds', () => {
    const text = `${rule}\n• [3.083 seconds]\n[sig-node] Pods should be updated [Conformance]\n/src/pods.go:10\n\n  Timeline >>`;
    expect(read(text)).to.deep.equal([
      { name: '[sig-node] Pods should be updated [Conformance]', outcome: 'passed', state: 'PASSED', seconds: 3.083 },
    ]);
  });

  it('counts every way of not passing as failed, with its own word, but for an interruption from outside', () => {
    const text = ['FAILED', 'TIMEDOUT', 'ABORTED', 'PANICKED!', 'INTERRUPTED']
      .map((state) => `${rule}\n• [${state}] [600.100 seconds]\n[sig-x] ${state} [Conformance]`)
      .join('\n');
    expect(read(text).map(({ outcome, state }) => `${outcome} ${state}`)).to.deep.equal([
      'failed FAILED',
      'failed TIMEDOUT',
      'failed ABORTED',
      'failed PANICKED!',
      'cut-off INTERRUPTED',
    ]);
  });

  it('takes a spec that skips itself for skipped, and a lone mark for nothing', () => {
    expect(read('S\nS [SKIPPED] [0.040 seconds]\n[sig-x] needs two nodes [Conformance]\nP')).to.deep.equal([
      { name: '[sig-x] needs two nodes [Conformance]', outcome: 'skipped', state: 'SKIPPED', seconds: 0.04 },
    ]);
  });

  it('is not deceived by what a spec printed', () => {
    expect(read('  • [3.0 seconds]\n  [sig-x] inner\nI1121 • [FAILED]\n[sig-x] other')).to.deep.equal([]);
  });

  it('reads the counts of the last lines alone', () => {
    expect(countsIn('FAIL! -- 377 Passed | 18 Failed | 0 Pending | 6749 Skipped')).to.deep.equal({
      passed: 377,
      failed: 18,
    });
    expect(countsIn('Ran 395 of 7144 Specs in 1237.000 seconds')).to.equal(null);
  });
});
