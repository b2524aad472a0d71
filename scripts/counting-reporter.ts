import { writeFileSync } from 'node:fs';

import Mocha from 'mocha';

import type { Tally } from './tally.ts';

const lingerMs = 4_000;

/** Mocha's own report for people, and what it came to in the file that SHAKEDOWN_TALLY names, for the test runner. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const skipped: string[] = [];
    runner.on('pending', (test) => skipped.push(test.titlePath().join(' › ')));
    runner.once('end', () => {
      const tally: Tally = { passed: this.stats.passes, failed: this.stats.failures, skipped };
      write(tally);
      setTimeout(() => {
        failOnLeftovers(tally);
      }, lingerMs).unref();
    });
  }
}

function write(tally: Tally): void {
  const file = process.env['SHAKEDOWN_TALLY'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
}

/** Tests that leave a timer or a process behind would keep mocha from ever ending; that is a failure of theirs. */
function failOnLeftovers(tally: Tally): void {
  console.error(`The tests are over, but they left running: ${process.getActiveResourcesInfo().join(', ')}`);
  write({ ...tally, failed: tally.failed + 1 });
  process.exit();
}
