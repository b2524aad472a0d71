import { messageOf } from '../model/errors.ts';
import type { HistoryEvent } from '../model/history.ts';
import type { RunReport } from '../model/report.ts';
import type { Clock } from '../util/clock.ts';
import type { RunObserver } from './catalogue.ts';

/** Times the phases of a run, tells the observer, and records them. */
export class Phases {
  readonly #done: RunReport['phases'][number][] = [];
  readonly #clock: Clock;
  readonly #observer: RunObserver;
  readonly #record: (event: HistoryEvent) => void;

  constructor(clock: Clock, observer: RunObserver, record: (event: HistoryEvent) => void) {
    this.#clock = clock;
    this.#observer = observer;
    this.#record = record;
  }

  /** Runs one phase. An error passes through, after it was recorded with the phase's name. */
  async run<T>(phase: string, detail: string, work: () => Promise<T>): Promise<T> {
    const startMs = this.#clock.now();
    this.#observer.phase(phase, detail);
    this.#record({ kind: 'phase', atMs: startMs, phase, state: 'started' });
    try {
      const value = await work();
      this.#end(phase, startMs);
      return value;
    } catch (error) {
      this.#end(phase, startMs, messageOf(error));
      throw error;
    }
  }

  #end(name: string, startMs: number, error?: string): void {
    const endMs = this.#clock.now();
    this.#done.push({ name, startMs, endMs, ...(error === undefined ? {} : { error }) });
    const state = error === undefined ? 'ended' : 'failed';
    this.#record({ kind: 'phase', atMs: endMs, phase: name, state, ...(error === undefined ? {} : { detail: error }) });
  }

  get all(): RunReport['phases'] {
    return this.#done;
  }
}
