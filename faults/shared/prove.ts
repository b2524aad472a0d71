import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { eventually, type EventuallyOptions, type Look } from '../../harness/util/eventually.ts';

/**
 * Waits for evidence. What cannot be asked counts as "not yet", because the fault itself may be what is in the way.
 * @throws HarnessError `fault-not-active` | `fault-not-gone` with what was seen last; the signal's reason when aborted
 */
export async function prove<T>(
  code: 'fault-not-active' | 'fault-not-gone',
  what: string,
  options: Omit<EventuallyOptions, 'transient'>,
  look: () => Promise<Look<T>> | Look<T>,
): Promise<T> {
  try {
    const transient = (error: unknown): boolean => error instanceof HarnessError && error.code !== code;
    return await eventually(what, { ...options, transient }, look);
  } catch (error) {
    if (options.signal?.aborted === true || !(error instanceof HarnessError) || error.code === code) throw error;
    throw new HarnessError(code, messageOf(error), { cause: error });
  }
}
