import type { Instruments } from '../../harness/run/instruments.ts';

/** No deployment, no load and no watches: what is left of a run is its fault, the journal, the leashes and the heal. */
export const lightInstruments: Instruments = {
  deploy: () => Promise.resolve({ namespace: 'shakedown', workloads: [], untilReady: () => Promise.resolve() }),
  settings: () => Promise.resolve([]),
  measure: () =>
    Promise.resolve({
      untilSteady: () => Promise.resolve(),
      readBack: () => Promise.resolve(),
      stop: () => Promise.resolve([]),
    }),
  settleMs: 30_000,
  steadyWithinMs: 1_000,
};
