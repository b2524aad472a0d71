import type { Trial } from './trials.ts';

/** Trials that several clusters take from, one after the other; none is begun after its time. */
export class TrialQueue implements Iterable<Trial> {
  readonly #trials: Trial[];
  readonly #isOver: () => boolean;

  constructor(trials: readonly Trial[], isOver: () => boolean = () => false) {
    this.#trials = [...trials];
    this.#isOver = isOver;
  }

  /** Who stops taking leaves the rest to the others: an iterator of a queue has nothing to close. */
  [Symbol.iterator](): Iterator<Trial> {
    return {
      next: () => {
        const trial = this.#isOver() ? undefined : this.#trials.shift();
        return trial === undefined ? { done: true, value: undefined } : { done: false, value: trial };
      },
    };
  }

  /** Nobody tries that fault any more. */
  drop(fault: string): void {
    this.#trials.splice(0, Infinity, ...this.#trials.filter((trial) => trial.fault !== fault));
  }
}
