import type { Progress } from '../../harness/model/cluster.ts';
import type { SpecOutcome } from './spec-stream.ts';

/** Keeps outcomes as they come and says each in a line, with how many are done and how many of them have failed. */
export class Tracker {
  readonly outcomes: SpecOutcome[] = [];
  readonly #total: number;
  readonly #say: Progress;

  constructor(total: number, say: Progress) {
    this.#total = total;
    this.#say = say;
  }

  ended(outcome: SpecOutcome): void {
    this.outcomes.push(outcome);
    const failed = this.outcomes.filter((each) => each.outcome === 'failed').length;
    const done = `${String(this.outcomes.length).padStart(4)}/${String(this.#total)}`;
    const state = outcome.state.toLowerCase();
    this.#say(`${done}, ${String(failed)} failed  ${state} ${outcome.seconds.toFixed(1)}s  ${outcome.name}`);
  }
}
