/** What tests and checks came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** A sentence for each that did not run: what, and why. */
  readonly skipped: readonly string[];
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: [] };

export function add(...tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, each) => ({
      passed: sum.passed + each.passed,
      failed: sum.failed + each.failed,
      skipped: [...sum.skipped, ...each.skipped],
    }),
    nothing,
  );
}

/** The line that ends every test run, alone, for people and programs that look for it. */
export const lastLine = ({ passed, failed }: Tally): string => `${String(passed)} passed, ${String(failed)} failed`;
