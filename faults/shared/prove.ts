import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { eventually, type EventuallyOptions, type Look } from '../../harness/util/eventually.ts';

/**
 * Waits for evidence. What cannot be asked counts as "not yet", because the fault itself may be what is in the way.
 * @throws HarnessError `fault-not-active` | `fault-not-gone` with what was seen last, also when the caller's time is over;
 *   the signal's reason when it was aborted for another cause
 */
export async function prove<T>(
  code: 'fault-not-active' | 'fault-not-gone',
  what: string,
  options: Omit<EventuallyOptions, 'transient'>,
  look: () => Promise<Look<T>> | Look<T>,
): Promise<T> {
  let saw = 'nothing yet';
  const watched = async (): Promise<Look<T>> => {
    const seen = await look();
    if (!seen.done) saw = seen.saw;
    return seen;
  };
  try {
    return await eventually(what, { ...options, transient: (error) => error instanceof HarnessError }, watched);
  } catch (error) {
    const { signal } = options;
    if (signal?.aborted === true) {
      if (!isTimeout(signal.reason)) throw error;
      throw new HarnessError(code, `The time was over while waiting for ${what}; last seen: ${saw}`, { cause: error });
    }
    throw error instanceof HarnessError ? new HarnessError(code, messageOf(error)) : error;
  }
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';
