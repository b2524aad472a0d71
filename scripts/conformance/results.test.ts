import { expect } from 'chai';

import { resultsOf, summaryOf, tableOf } from './results.ts';
import type { SpecOutcome } from './spec-stream.ts';

const ended = (name: string, outcome: SpecOutcome['outcome'], state: string): SpecOutcome => ({
  name,
  outcome,
  state,
  seconds: 1.25,
});

describe('conformance: results', () => {
  const results = resultsOf(
    ['a', 'b', 'c', 'd'],
    [ended('c', 'skipped', 'SKIPPED'), ended('b', 'failed', 'TIMEDOUT'), ended('a', 'passed', 'PASSED')],
  );

  it('counts what was skipped and what never ended as not run', () => {
    expect(results.notRun).to.deep.equal(['c', 'd']);
    expect(summaryOf(results)).to.equal('Failed:\n  b (TIMEDOUT)\nNot run:\n  c\n  d\n1 passed, 1 failed, 2 not run');
  });

  it('names no more than asked for, and says how many more', () => {
    expect(summaryOf(results, 1)).to.match(/Not run:\n {2}c\n {2}and 1 more\n/);
  });

  it('lists every spec once, by name', () => {
    expect(tableOf(results).trim().split('\n')).to.deep.equal([
      'passed          1.3  a',
      'timedout        1.3  b',
      'not run           -  c',
      'not run           -  d',
    ]);
  });
});
