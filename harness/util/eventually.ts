import { setTimeout as sleep } from 'node:timers/promises';

import { formatMs } from '../model/duration.ts';
import { HarnessError, messageOf } from '../model/errors.ts';

/** What a look at a condition saw: done with a value, or not yet with the last state in words. */
export type Look<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly saw: string };

export const yes = <T>(value: T): Look<T> => ({ done: true, value });
export const notYet = (saw: string): Look<never> => ({ done: false, saw });

export interface EventuallyOptions {
  readonly withinMs: number;
  /** The pause between looks; 200 ms by default. */
  readonly everyMs?: number;
  /** How many looks in a row must succeed; 1 by default. */
  readonly stable?: number;
  readonly signal?: AbortSignal | undefined;
  /** Errors that mean "not yet"; any other error ends the wait at once. By default none is. */
  readonly transient?: (error: unknown) => boolean;
}

/**
 * Waits for a condition: looks first, then sleeps. A look that throws a transient error counts as "not yet".
 * @throws HarnessError `timed-out` with what, for how long, how many attempts and the last state seen
 */
export async function eventually<T>(
  what: string,
  options: EventuallyOptions,
  look: () => Promise<Look<T>> | Look<T>,
): Promise<T> {
  const { withinMs, everyMs = 200, stable = 1, signal, transient = () => false } = options;
  const startMs = performance.now();
  let inARow = 0;
  let saw = 'nothing yet';
  for (let attempts = 1; ; attempts += 1) {
    signal?.throwIfAborted();
    const seen = await looked(look, transient);
    if (seen.done) {
      inARow += 1;
      if (inARow >= stable) return seen.value;
    } else {
      inARow = 0;
      saw = seen.saw;
    }
    const tookMs = performance.now() - startMs;
    if (tookMs >= withinMs) {
      const tries = `${String(attempts)} attempt${attempts === 1 ? '' : 's'}`;
      throw new HarnessError(
        'timed-out',
        `Timed out after ${formatMs(tookMs)} (${tries}) waiting for ${what}; last seen: ${saw}`,
      );
    }
    await sleep(Math.min(everyMs, Math.max(1, withinMs - tookMs)), undefined, signal ? { signal } : {});
  }
}

async function looked<T>(
  look: () => Promise<Look<T>> | Look<T>,
  transient: (error: unknown) => boolean,
): Promise<Look<T>> {
  try {
    return await look();
  } catch (error) {
    if (!transient(error)) throw error;
    return notYet(messageOf(error));
  }
}
