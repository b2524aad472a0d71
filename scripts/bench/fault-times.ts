import type { FaultEvent } from '../../harness/model/history.ts';

/** How long the two halves of one injection took, in milliseconds; null for what was not proved. */
export interface FaultTimes {
  /** From the order to inject until the victim showed it. */
  readonly toFirstEffectMs: number | null;
  /** From the order to heal until the victim no longer showed it. */
  readonly toLastEffectMs: number | null;
}

export function faultTimes(events: readonly FaultEvent[]): FaultTimes {
  const at = (phase: FaultEvent['phase']): number | null => events.find((event) => event.phase === phase)?.atMs ?? null;
  const between = (from: FaultEvent['phase'], to: FaultEvent['phase']): number | null => {
    const [start, end] = [at(from), at(to)];
    return start === null || end === null ? null : end - start;
  };
  return { toFirstEffectMs: between('injecting', 'felt'), toLastEffectMs: between('healing', 'gone') };
}
