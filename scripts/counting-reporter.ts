import { writeFileSync } from 'node:fs';

import Mocha from 'mocha';

import type { Tally } from './tally.ts';

/** The names of a test and of what it stands in, without what mocha's own root adds. */
const titleOf = (test: Mocha.Test): string => test.titlePath().join(' › ');

/** Mocha's own report for people, and what it came to in the file that SHAKEDOWN_TALLY names, for the test runner. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const skipped: string[] = [];
    runner.on('pending', (test) => skipped.push(titleOf(test)));
    runner.once('end', () => {
      const file = process.env['SHAKEDOWN_TALLY'];
      const tally: Tally = { passed: this.stats.passes, failed: this.stats.failures, skipped };
      if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
    });
  }
}
