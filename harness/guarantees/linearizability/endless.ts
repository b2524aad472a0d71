import type { Used } from './configurations.ts';
import type { Operation } from './operation.ts';
import type { Timeline } from './timeline.ts';

/** Operations without an end that do the same are one kind: which of them took effect makes no difference. */
interface Kind {
  readonly number: number;
  readonly operation: Operation;
  /** For each of them, the number of answers before its call, ascending. */
  readonly from: number[];
}

/** How many numbers of an ascending list are at most that. */
function atMost(ascending: readonly number[], limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A way to bring a value about. */
export interface Way {
  readonly used: Used;
  /** Whether it begins with a write, before which anything may have been there. */
  readonly fresh: boolean;
}

/** The operations that never ended: each may have taken effect at any time since its call. */
export class Endless {
  readonly #kinds: readonly Kind[];
  readonly #makers: ReadonlyMap<number, readonly Kind[]>;
  readonly #reusable: boolean;
  /** For each value, the places of the answers that need it. */
  readonly #needs = new Map<number, number[]>();
  readonly #allNeeds: number[] = [];
  readonly #chained: ReadonlySet<number>;

  /** @param reusable whether each may take effect as often as wanted: then more histories are linearizable */
  constructor({ answers, endless }: Timeline, reusable: boolean) {
    const kinds = Map.groupBy(endless, ({ operation: { kind, needs, makes } }) =>
      kind === 'cas' ? `${String(needs)}>${String(makes)}` : String(makes),
    );
    this.#kinds = [...kinds.values()].flatMap(([first, ...others], number) =>
      first === undefined
        ? []
        : [{ number, operation: first.operation, from: [first, ...others].map(({ from }) => from) }],
    );
    this.#makers = Map.groupBy(this.#kinds, ({ operation }) => operation.makes);
    this.#reusable = reusable;
    this.#chained = new Set(
      this.#kinds.filter(({ operation }) => operation.kind === 'cas').map(({ operation }) => operation.needs),
    );
    answers.forEach(({ operation: { kind, needs } }, place) => {
      if (kind === 'write') return;
      this.#allNeeds.push(place);
      const ofValue = this.#needs.get(needs);
      if (ofValue === undefined) this.#needs.set(needs, [place]);
      else ofValue.push(place);
    });
  }

  /**
   * Every way to bring a value about with them alone, from the value that is there: what is used afterwards. Ways that
   * come by the same value twice are left out, because a shorter one does as well.
   * @param place the number of answers so far
   * @param step called for each operation that is tried; false ends the search
   */
  *waysTo(value: number, from: { state: number; used: Used }, place: number, step: () => boolean): Generator<Way> {
    if (!this.#reusable) yield* this.#ways(value, from.state, from.used, place, step, []);
    else for (const fresh of this.#reaches(value, from.state, place, step)) yield { used: from.used, fresh };
  }

  *#ways(
    value: number,
    state: number,
    used: Used,
    place: number,
    step: () => boolean,
    passed: readonly number[],
  ): Generator<Way> {
    for (const { number, operation, from } of this.#makers.get(value) ?? []) {
      const times = used.get(number) ?? 0;
      if (times >= atMost(from, place)) continue;
      if (!step()) return;
      const after = new Map(used).set(number, times + 1);
      const { kind, needs } = operation;
      if (kind !== 'cas' || needs === state) yield { used: after, fresh: kind !== 'cas' };
      else if (needs !== value && !passed.includes(needs))
        yield* this.#ways(needs, state, after, place, step, [...passed, value]);
    }
  }

  /** Whether a way exists that begins with a write, and else whether one exists that begins with the value that is there. */
  #reaches(value: number, state: number, place: number, step: () => boolean): readonly boolean[] {
    const seen = new Set([value]);
    let continued = false;
    for (const goal of seen) {
      for (const { operation, from } of this.#makers.get(goal) ?? []) {
        if (atMost(from, place) === 0) continue;
        if (!step()) return [];
        if (operation.kind !== 'cas') return [true];
        if (operation.needs === state) continued = true;
        else seen.add(operation.needs);
      }
    }
    return continued ? [false] : [];
  }

  /**
   * Without the uses that make no difference any more, because there are as many left as can be wanted: a way uses each
   * operation once, and ends where an answer needs its value.
   */
  relevant(used: Used, place: number): Used {
    if (used.size === 0) return used;
    const matters = [...used].filter(([number, times]) => {
      const kind = this.#kinds[number];
      if (kind === undefined) return true;
      const wanted = this.wanted(kind.operation.makes, place);
      return wanted > 0 && atMost(kind.from, place) - times < wanted;
    });
    return matters.length === used.size ? used : new Map(matters);
  }

  /** How many of the answers from that place on may need the value, directly or through operations that never ended. */
  wanted(value: number, place: number): number {
    const places = this.#chained.has(value) ? this.#allNeeds : (this.#needs.get(value) ?? []);
    return places.length - atMost(places, place - 1);
  }
}
