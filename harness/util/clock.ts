/** The one clock of a run: monotonic milliseconds since its start, and how that joins the wall clock. */
export interface Clock {
  /** Milliseconds since the run started; never goes back. */
  now(): number;
  /** The wall clock's milliseconds since 1970 at the run's start. */
  readonly startedAtMs: number;
  /** How far the wall clock has stepped against the monotonic one since the start, in milliseconds. */
  stepMs(): number;
  /** A wall-clock time of this machine on the run's clock. */
  fromWall(wallMs: number): number;
}

export function startClock(): Clock {
  const startMs = performance.now();
  const startedAtMs = Date.now();
  const now = (): number => performance.now() - startMs;
  return {
    now,
    startedAtMs,
    stepMs: () => Date.now() - startedAtMs - now(),
    fromWall: (wallMs) => wallMs - startedAtMs,
  };
}
