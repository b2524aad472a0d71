import { Configurations, unused, type Configuration } from './configurations.ts';
import { Endless } from './endless.ts';
import type { Operation } from './operation.ts';
import type { Answer, Timeline, UnderWay } from './timeline.ts';

export interface SearchResult {
  readonly status: 'linearizable' | 'illegal' | 'unknown';
  /** How much was tried and compared: the same for the same history, whatever the machine. */
  readonly steps: number;
  /** The first operation whose answer no order got past; null when one got past all. */
  readonly at: Operation | null;
}

/** A configuration before an answer whose operation has not taken effect in it. */
interface Node {
  readonly place: number;
  readonly configuration: Configuration;
}

/**
 * Looks for an order of the operations that respects time and makes every answer right.
 *
 * Wing and Gong's search (JPDC 17, 1993) with Lowe's memory of configurations and just-in-time linearization ("Testing
 * for linearizability", Concurrency and Computation 29(4), 2017): an operation takes effect no earlier than some answer
 * demands. Four facts about registers keep the configurations few: a read takes effect as soon as its value is there,
 * because it changes nothing; an operation that never ended takes effect only where something then observes it, because
 * otherwise it could as well never have; a write whose value nothing needs takes effect where the next one hides it, or at
 * its answer; and of two configurations that differ in the use of operations without an end alone, the one that used fewer
 * can do all the other can.
 */
export class Search {
  readonly #answers: readonly Answer[];
  readonly #endless: Endless;
  readonly #limit: number;
  readonly #met: Configurations[] = [];
  #steps = 0;
  #furthest = 0;

  /** @param options.reusable whether operations that never ended may take effect again and again: `illegal` is then proved sooner */
  constructor(timeline: Timeline, options: { readonly limit: number; readonly reusable: boolean }) {
    this.#answers = timeline.answers;
    this.#endless = new Endless(timeline, options.reusable);
    this.#limit = options.limit;
  }

  run(initial: number): SearchResult {
    const first = this.#settle({ place: 0, configuration: this.#observed(0, initial, 0n, unused) });
    if (first === null) return this.#result('linearizable');
    const path = [this.#following(first)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.next();
      if (this.#steps > this.#limit) return this.#result('unknown');
      if (next.done === true) {
        path.pop();
        continue;
      }
      const node = this.#settle(next.value);
      if (node === null) return this.#result('linearizable');
      if (this.#isNew(node)) path.push(this.#following(node));
    }
    return this.#result('illegal');
  }

  #result(status: SearchResult['status']): SearchResult {
    const at = status === 'linearizable' ? null : (this.#answers[this.#furthest]?.operation ?? null);
    return { status, steps: this.#steps, at };
  }

  #isNew({ place, configuration }: Node): boolean {
    const met = (this.#met[place] ??= new Configurations());
    return met.add(configuration, (count) => (this.#steps += count >> 3));
  }

  /** Passes the answers whose operations have taken effect; null when those were all. */
  #settle({ place, configuration }: Node): Node | null {
    let [at, { done, used }] = [place, configuration];
    const { state } = configuration;
    for (let answer = this.#answers[at]; answer !== undefined; answer = this.#answers[at]) {
      if ((done & answer.bit) === 0n) {
        this.#furthest = Math.max(this.#furthest, at);
        return { place: at, configuration: { state, done, used } };
      }
      at += 1;
      used = this.#endless.relevant(used, at);
      ({ done } = this.#observed(at, state, done & ~answer.bit, used));
    }
    return null;
  }

  /** The configurations one operation further on, the most promising first. */
  *#following({ place, configuration: from }: Node): Generator<Node> {
    const answer = this.#answers[place];
    if (answer === undefined) return;
    const waiting = answer.underWay.filter(({ bit }) => (from.done & bit) === 0n);
    const isIdle = ({ operation: { kind, makes } }: UnderWay): boolean =>
      kind === 'write' && this.#endless.wanted(makes, place) === 0;
    const idle = waiting.filter((each) => each.operation !== answer.operation && isIdle(each));
    const hidden = from.done | idle.reduce((bits, { bit }) => bits | bit, 0n);
    const fits = ({ operation: { kind, needs } }: UnderWay): boolean => kind === 'write' || needs === from.state;
    const wanted = new Set(waiting.filter((each) => !fits(each)).map(({ operation }) => operation.needs));
    // A cas that fits now may never fit again; a value that is waited for is worth making before others.
    const rank = ({ operation }: UnderWay): number => {
      if (operation.kind === 'cas') return 0;
      if (wanted.has(operation.makes)) return 1;
      return operation === answer.operation ? 2 : 3;
    };
    const next = waiting.filter((each) => fits(each) && !idle.includes(each));
    for (const { operation, bit } of next.sort((a, b) => rank(a) - rank(b))) {
      if (!this.#step()) return;
      const done = operation.kind === 'write' ? hidden : from.done;
      yield { place, configuration: this.#observed(place, operation.makes, done | bit, from.used) };
    }
    for (const value of wanted) {
      for (const { used, fresh } of this.#endless.waysTo(value, from, place, () => this.#step()))
        yield { place, configuration: this.#observed(place, value, fresh ? hidden : from.done, used) };
    }
  }

  /** Counts a step. @returns false beyond the limit */
  #step(): boolean {
    this.#steps += 1;
    return this.#steps <= this.#limit;
  }

  /** The configuration with that value, in which the reads that wait for it have taken effect. */
  #observed(place: number, state: number, done: bigint, used: Configuration['used']): Configuration {
    let all = done;
    for (const { operation, bit } of this.#answers[place]?.underWay ?? [])
      if (operation.kind === 'read' && operation.needs === state) all |= bit;
    return { state, done: all, used };
  }
}
