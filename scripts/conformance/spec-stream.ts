import { specName } from './spec-name.ts';

/** How a spec ended, as ginkgo's reporter says it. */
export interface SpecOutcome {
  readonly name: string;
  /** `cut-off`: it was interrupted from outside, which says nothing about the cluster. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'cut-off';
  /** ginkgo's own word: PASSED, FAILED, TIMEDOUT, INTERRUPTED, PANICKED, SKIPPED, PENDING ... */
  readonly state: string;
  readonly seconds: number;
}

/** A line at the left margin that opens what a spec came to; the next line is the spec's name. */
const header = /^([•SP])(?: \[([A-Z][A-Z !]*)\])?(?: \[(\d+(?:\.\d+)?) seconds\])?$/;

/** Every other state of a spec that ran, of time-outs and panics too, is a failure. */
const outcomes: Readonly<Record<string, SpecOutcome['outcome']>> = { PASSED: 'passed', INTERRUPTED: 'cut-off' };

/**
 * Reads the standard output of `ginkgo -v` with several processes, line by line. Specs come as they end; what they
 * printed themselves is indented by ginkgo and cannot be taken for an outcome.
 */
export class SpecStream {
  #open: Omit<SpecOutcome, 'name'> | null = null;

  /** @returns the outcome that this line completes, if it does */
  read(line: string): SpecOutcome | null {
    const opened = this.#open;
    this.#open = null;
    if (opened !== null) return line.trim() === '' ? null : { name: specName(line), ...opened };
    const found = header.exec(line);
    if (found === null) return null;
    const [, mark, said, seconds] = found;
    // A lone mark has no name after it: specs outside the selection.
    if (mark !== '•' && said === undefined) return null;
    const state = said ?? 'PASSED';
    const outcome = mark === '•' ? (outcomes[state] ?? 'failed') : 'skipped';
    this.#open = { outcome, state, seconds: Number(seconds ?? 0) };
    return null;
  }
}

/** The counts of ginkgo's last lines, or null while it has not come to its end. */
export function countsIn(line: string): { readonly passed: number; readonly failed: number } | null {
  const found = /-- (\d+) Passed \| (\d+) Failed \|/.exec(line);
  return found === null ? null : { passed: Number(found[1]), failed: Number(found[2]) };
}
