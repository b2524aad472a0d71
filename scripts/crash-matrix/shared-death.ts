/** One runner's part in a death. */
export interface Death {
  /** Stands still here until the process is killed. */
  readonly stand: () => Promise<void>;
  /** Goes on once all who are to stand still do so. */
  readonly turn: () => Promise<void>;
  /** Kills the process. */
  readonly now: () => void;
}

/**
 * Several runners in one process, which die of one kill: each that stands still does so where it is to die, and when all do, those
 * whose place cannot be held (the middle of a command, between two lines) go on to it and kill the process there.
 */
export class SharedDeath {
  readonly #kill: () => void;
  /** Who is still on the way to where it is to stand. */
  readonly #awaited: Set<string>;
  /** Who goes on when all stand. */
  readonly #moving: Set<string>;
  readonly #arrived = new Set<string>();
  readonly #allStand = Promise.withResolvers<undefined>();
  readonly #killed = Promise.withResolvers<undefined>();

  constructor(standing: readonly string[], moving: readonly string[], kill: () => void) {
    this.#kill = kill;
    this.#awaited = new Set(standing);
    this.#moving = new Set(moving);
    this.#look();
  }

  of(id: string): Death {
    return {
      stand: () => {
        this.#awaited.delete(id);
        this.#arrived.add(id);
        this.#look();
        return this.#killed.promise;
      },
      turn: () => this.#allStand.promise,
      now: () => {
        this.#die();
      },
    };
  }

  /** That one ended by itself: nobody waits for it any more. */
  ended(id: string): void {
    for (const some of [this.#awaited, this.#moving, this.#arrived]) some.delete(id);
    this.#look();
  }

  #look(): void {
    if (this.#awaited.size > 0) return;
    this.#allStand.resolve(undefined);
    if (this.#moving.size === 0 && this.#arrived.size > 0) this.#die();
  }

  #die(): void {
    this.#kill();
    this.#killed.resolve(undefined);
  }
}
