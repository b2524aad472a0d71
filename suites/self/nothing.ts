import { bareFault } from './bare-fault.ts';

/**
 * No fault at all, declared as felt: judges speak only of runs in which a fault was felt, and a quiet run is to show what
 * they say of a system that nobody has touched. It is in no catalogue but that of `npm run quiet`.
 */
export const nothing = bareFault<{ readonly target: string }>({
  name: 'nothing',
  summary: 'Does nothing and is declared as felt: whatever is violated then is a false alarm.',
  minimumHoldMs: 1,
  plan: () => Promise.resolve({ target: 'nothing' }),
  targets: ({ target }) => [target],
  impact: () => 'none',
  inject: () => Promise.resolve(),
  proveActive: () => Promise.resolve('nothing was done, as declared'),
  proveGone: () => Promise.resolve('nothing was done, as declared'),
});
