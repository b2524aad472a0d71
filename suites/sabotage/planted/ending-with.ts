import type { Measuring } from '../../../harness/run/instruments.ts';

/** The same measuring, after whose stop what was planted for it ends as well. */
export const endingWith = (measuring: Measuring, end: () => Promise<void> | void): Measuring => ({
  untilSteady: (withinMs, signal) => measuring.untilSteady(withinMs, signal),
  readBack: (signal) => measuring.readBack(signal),
  stop: () => measuring.stop().finally(end),
});
