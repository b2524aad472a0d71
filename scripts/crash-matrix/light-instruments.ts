import type { Instruments } from '../../harness/run/instruments.ts';

/**
 * No deployment, no load, no watches, and no look at every node: what is left of a run is its fault, the journal, the leashes
 * and the heal. Whether the nodes are as before is for who kills the runner to find out.
 */
export const lightInstruments: Instruments = {
  prepare: () => Promise.resolve(),
  deploy: () => Promise.resolve({ namespace: 'shakedown', workloads: [], untilReady: () => Promise.resolve() }),
  settings: () => Promise.resolve([]),
  measure: () =>
    Promise.resolve({
      untilSteady: () => Promise.resolve(),
      readBack: () => Promise.resolve(),
      stop: () => Promise.resolve([]),
    }),
  fingerprint: () => Promise.resolve(new Map()),
  settleMs: 30_000,
  steadyWithinMs: 1_000,
};
