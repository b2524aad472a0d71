/** How many operations of each kind that never ended were used to get somewhere; a kind that is absent was not used. */
export type Used = ReadonlyMap<number, number>;

export const unused: Used = new Map();

/** One way in which the operations so far may have taken effect. */
export interface Configuration {
  /** The value that is there now. */
  readonly state: number;
  /** The operations under way that have taken effect already, one bit for each slot. */
  readonly done: bigint;
  readonly used: Used;
}

/** Whether whatever can follow `b` can follow `a` too: an operation that never ended is worth more unused. */
function asGood(a: Used, b: Used): boolean {
  if (a.size > b.size) return false;
  for (const [kind, times] of a) if (times > (b.get(kind) ?? 0)) return false;
  return true;
}

const shift = 32n;

/** The configurations that were met, but for those which another one makes superfluous. */
export class Configurations {
  readonly #met = new Map<bigint, Used[]>();

  /**
   * @param compared told how many it was compared with
   * @returns false when it, or one as good, was met before
   */
  add({ state, done, used }: Configuration, compared: (count: number) => void): boolean {
    const key = (done << shift) | BigInt(state);
    const known = this.#met.get(key);
    if (known === undefined) {
      this.#met.set(key, [used]);
      return true;
    }
    compared(known.length);
    if (known.some((each) => asGood(each, used))) return false;
    const kept = known.filter((each) => !asGood(used, each));
    kept.push(used);
    this.#met.set(key, kept);
    return true;
  }
}
