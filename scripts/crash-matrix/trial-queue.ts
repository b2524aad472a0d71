import { isFleeting } from './crash.ts';
import type { Trial } from './trials.ts';

/** The trial as it may be made beside those, perhaps on other targets; null when it may not. */
export type Fit = (group: readonly Trial[], trial: Trial) => Promise<Trial | null>;

/** Trials that several clusters take from; none is begun after its time. */
export class TrialQueue {
  readonly #trials: Trial[];
  readonly #isOver: () => boolean;
  /** Trials that could not be made in company. */
  readonly #alone: Trial[] = [];

  constructor(trials: readonly Trial[], isOver: () => boolean = () => false) {
    this.#trials = [...trials];
    this.#isOver = isOver;
  }

  /**
   * The next trial, and some that may be made at the same time: of other faults, recovered in the same way, and no two of them at
   * a place where nobody can stand still. The trials of a fault keep their order. Empty at the end.
   * @param size at most so many
   */
  async take(size: number, fit: Fit): Promise<readonly Trial[]> {
    const alone = this.#alone.shift();
    if (alone !== undefined) return [alone];
    const first = this.#isOver() ? undefined : this.#trials.shift();
    if (first === undefined) return [];
    const group = [first];
    const left: Trial[] = [];
    // Looking at a trial costs plans: not the whole queue is looked at for the last places.
    while (group.length < size && left.length < size) {
      const next = this.#takeCompany(group, left);
      if (next === undefined) break;
      const fitting = await fit(group, next);
      if (fitting === null) left.push(next);
      else group.push(fitting);
    }
    this.#trials.unshift(...left);
    return group;
  }

  /** To be made again, by itself. */
  again(trial: Trial): void {
    this.#alone.push(trial);
  }

  /** Nobody tries that fault any more. */
  drop(fault: string): void {
    for (const trials of [this.#trials, this.#alone])
      trials.splice(0, Infinity, ...trials.filter((trial) => trial.fault !== fault));
  }

  /** The first of the trials that is the next one of its fault and may go with the group. */
  #takeCompany(group: readonly Trial[], left: readonly Trial[]): Trial | undefined {
    const seen = new Set([...group, ...left].map(({ fault }) => fault));
    const at = this.#trials.findIndex((trial) => {
      const isNext = !seen.has(trial.fault);
      seen.add(trial.fault);
      return isNext && isCompany(group, trial);
    });
    return at < 0 ? undefined : this.#trials.splice(at, 1)[0];
  }
}

const isCompany = (group: readonly Trial[], { recovery, crash }: Trial): boolean =>
  group.every((other) => other.recovery === recovery && !(isFleeting(crash) && isFleeting(other.crash)));
