import { expect } from 'chai';

import type { RunResult } from '../../../harness/run/run-scenario.ts';

/** Checks that the judge of that place in the scenario found the violation and says so in such a sentence. */
export const found =
  (index: number, sentence: RegExp) =>
  ({ report }: RunResult): void => {
    const verdict = report.guarantees[index]?.verdict;
    expect(verdict?.status, report.because).to.equal('violated');
    expect(verdict?.status === 'violated' ? verdict.because : '').to.match(sentence);
  };

/** Checks that the judge of that place in the scenario knows that it cannot know, for such a reason. */
export const blind =
  (index: number, sentence: RegExp) =>
  ({ report }: RunResult): void => {
    const verdict = report.guarantees[index]?.verdict;
    expect(verdict?.status, report.because).to.equal('unknown');
    expect(verdict?.status === 'unknown' ? verdict.because : '').to.match(sentence);
  };
