import { resolutionMs, type Silence } from './elections.ts';

export type Overlap = 'none' | 'overlap' | 'unknown';

/** Whether the lease passed to another holder at the end of the silence, or to the same one after a release. */
export const handsOver = ({ from, to, released }: Silence): boolean => to !== '' && (to !== from || released);

/**
 * Whether a new holder came while the old one might still have thought itself the leader: client-go lets a candidate take a
 * lease that was not released only `leaseDurationSeconds` after the last renewal that it saw, and a leader believe in it for
 * the shorter renew deadline (k8s.io/client-go/tools/leaderelection).
 */
export function overlapOf(silence: Silence): Overlap {
  const { from, to, released, durationMs, lasted, unseen } = silence;
  if (to === '' || to === from || released) return 'none';
  if (durationMs === null || unseen > 0) return 'unknown';
  if (lasted.upperMs < durationMs - resolutionMs) return 'overlap';
  return lasted.lowerMs < durationMs - resolutionMs ? 'unknown' : 'none';
}
