import { expect } from 'chai';

import { catalogue } from '../../../harness/cli/catalogue.ts';
import type { Fault } from '../../../harness/model/fault.ts';
import type { GuaranteeSpec } from '../../../harness/model/guarantee.ts';
import type { Scenario } from '../../../harness/model/scenario.ts';
import { describeScenario, type DescribeOptions } from '../../../harness/run/mocha.ts';
import type { RunResult } from '../../../harness/run/run-scenario.ts';

/** What a run must say of one promise: that it is broken, or that nobody can know. */
export interface Finding {
  readonly promise: GuaranteeSpec;
  /** What was planted for it, as the track record names it: `one replica, on a node that loses its power`. */
  readonly plant: string;
  /** What the verdict must say of it. */
  readonly sentence: RegExp;
}

/** A run that must not end well, and the promises that it proves to be judged. */
export interface Planted {
  readonly scenario: Scenario;
  readonly outcome: 'violated' | 'unknown';
  /** What the whole run comes to, where that is worse: something was planted that it must find left behind. */
  readonly ends?: 'harness-error';
  readonly findings: readonly Finding[];
}

export interface Plant extends Omit<Scenario, 'guarantees'> {
  /** Faults that are not in the catalogue because they break the harness, or what nobody wants broken. */
  readonly planted?: readonly Fault[];
  readonly findings: readonly Finding[];
}

/**
 * Makes a mocha suite of a scenario whose every promise must come out in that way, for the planted reason.
 * @returns what the suite demands: the track record and `npm run proofs` read it. Outside mocha nothing else is done.
 */
export function describePlanted(
  outcome: Planted['outcome'],
  { planted = [], findings, ...rest }: Plant,
  options: Omit<DescribeOptions, 'outcome'> = {},
): Planted {
  const scenario: Scenario = { ...rest, guarantees: findings.map(({ promise }) => promise) };
  const also = Object.fromEntries(
    findings.map(({ promise, plant, sentence }, index) => [
      `${promise.guarantee} is ${outcome}: ${plant}`,
      says(outcome, index, sentence),
    ]),
  );
  const faults = [...catalogue.faults, ...planted];
  const ends = options.left === undefined ? {} : ({ ends: 'harness-error' } as const);
  describeScenario(
    scenario,
    { ...catalogue, faults },
    { ...options, outcome: ends.ends ?? outcome, also: { ...also, ...options.also } },
  );
  return { scenario, outcome, ...ends, findings };
}

const says =
  (outcome: Planted['outcome'], index: number, sentence: RegExp) =>
  ({ report }: RunResult): void => {
    const verdict = report.guarantees[index]?.verdict;
    expect(verdict?.status, report.because).to.equal(outcome);
    expect(verdict !== undefined && 'because' in verdict ? verdict.because : '').to.match(sentence);
  };
