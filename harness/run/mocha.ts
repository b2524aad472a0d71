import { expect } from 'chai';

import type { Scenario } from '../model/scenario.ts';
import { stopOnSignals } from '../util/stop-on-signals.ts';
import { named, type Catalogue, type RunObserver } from './catalogue.ts';
import { runsDirectory } from '../util/paths.ts';
import { runScenario, type RunOptions, type RunResult } from './run-scenario.ts';

export interface DescribeOptions {
  /** What the run must come to; `held` by default. A sabotage suite says `violated` or `unknown`. */
  readonly outcome?: RunResult['report']['outcome'];
  /** What the run must find left behind, each in a sentence; nothing by default. */
  readonly left?: readonly string[];
  /** More to check of the finished run, each an `it` of its own. */
  readonly also?: Readonly<Record<string, (result: RunResult) => void>>;
  /** What to run it with, known once mocha has come to this suite: a cluster that is up, other instruments. */
  readonly run?: () => Pick<RunOptions, 'cluster' | 'instruments'>;
}

const linesOnStderr: RunObserver = {
  phase: (name, detail) => process.stderr.write(`      ${name}: ${detail}\n`),
  note: (line) => process.stderr.write(`      ${line}\n`),
  progress: () => undefined,
};

/**
 * Makes a mocha suite of a scenario: it runs once, then one `it` for each guarantee, for the faults' proofs and for the
 * clean return. Outside mocha (when the command line imports the suite for its scenario) it does nothing.
 */
export function describeScenario(scenario: Scenario, catalogue: Catalogue, options: DescribeOptions = {}): void {
  if (typeof globalThis.describe !== 'function') return;
  const { outcome = 'held', left = [], also = {}, run = () => ({}) } = options;
  describe(scenario.name, function () {
    this.timeout(0);
    let result: RunResult;
    before('runs the scenario', async function () {
      const missing = obstacleHere();
      if (missing !== null) {
        process.stderr.write(`      skipped: ${missing}\n`);
        this.skip();
      }
      using stop = stopOnSignals((line) => {
        linesOnStderr.note(line);
      });
      result = await runScenario(scenario, catalogue, {
        runsDirectory: runsDirectory(),
        observer: linesOnStderr,
        signal: stop.signal,
        ...run(),
      });
    });
    const where = (): string => `${result.report.because}\n  evidence: ${result.directory}`;
    it(`ends as ${outcome}`, () => {
      expect(result.report.outcome, where()).to.equal(outcome);
    });
    it(left.length === 0 ? 'leaves nothing behind' : 'names what is left behind', () => {
      expect([...result.report.left, ...result.report.fingerprint.differences], where()).to.deep.equal(left);
    });
    if (outcome === 'held') heldOneByOne(scenario, catalogue, () => result, where);
    for (const [claim, check] of Object.entries(also))
      it(claim, () => {
        check(result);
      });
  });
}

function heldOneByOne(scenario: Scenario, catalogue: Catalogue, result: () => RunResult, where: () => string): void {
  scenario.faults.forEach((given, index) => {
    it(`feels ${given.fault} and sees it gone`, () => {
      const fault = result().report.faults[index];
      expect([fault?.active.proved, fault?.gone.proved], where()).to.deep.equal([true, true]);
    });
  });
  scenario.guarantees.forEach((spec, index) => {
    const guarantee = named('guarantee', spec.guarantee, catalogue.guarantees);
    it(guarantee.promise(guarantee.params(spec.params)), () => {
      expect(result().report.guarantees[index]?.verdict.status, where()).to.equal('held');
    });
  });
}

/** Why no local cluster can run here, or null. */
function obstacleHere(): string | null {
  if (process.platform !== 'linux') return `local clusters need Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'local clusters need root';
  return null;
}
