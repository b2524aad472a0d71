import type { Fault } from '../../harness/model/fault.ts';
import type { Json } from '../../harness/model/json.ts';

type Bare = 'needs' | 'minimumHoldMs' | 'params' | 'obstacle' | 'leashes' | 'heal';

/** A fault of a suite, which asks for nothing, takes any parameters, is on no leash and has nothing to heal, but for what it says. */
export const bareFault = <Plan extends Json, Params = unknown>(
  own: Omit<Fault<Params, Plan>, Bare> & Partial<Pick<Fault<Params, Plan>, Bare>>,
): Fault<Params, Plan> => ({
  needs: [],
  minimumHoldMs: 1_000,
  params: (given) => given as Params,
  obstacle: () => null,
  leashes: () => [],
  heal: () => Promise.resolve(),
  ...own,
});
