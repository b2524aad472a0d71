import type { ConnectionMode } from '../model/history.ts';

/** How long every path and mode must have its rate, in a row, to be called steady. */
export const steadyWindowMs = 2_000;
const rememberMs = 4 * steadyWindowMs;

/** What one path and mode did in the window before now. */
export interface StreamFigures {
  readonly path: string;
  readonly mode: ConnectionMode;
  /** Requests per second that came to their end in the window: a slow service is steady at its rate too. */
  readonly rate: number;
  /** Requests that failed in the window, whenever they were sent. */
  readonly failed: number;
  readonly lastError: string | undefined;
}

interface Ended {
  readonly endMs: number;
  readonly ok: boolean;
  readonly error: string | undefined;
}

/** The recent requests of one path and mode. */
export class RecentRequests {
  #recent: Ended[] = [];

  add(request: Ended): void {
    this.#recent.push(request);
    if ((this.#recent[0]?.endMs ?? Infinity) >= request.endMs - 2 * rememberMs) return;
    this.#recent = this.#recent.filter(({ endMs }) => endMs >= request.endMs - rememberMs);
  }

  figures(nowMs: number): Omit<StreamFigures, 'path' | 'mode'> {
    const fromMs = nowMs - steadyWindowMs;
    const ended = this.#recent.filter(({ endMs }) => endMs >= fromMs && endMs < nowMs);
    const failures = ended.filter(({ ok }) => !ok);
    return {
      rate: (ended.length * 1_000) / steadyWindowMs,
      failed: failures.length,
      lastError: failures.at(-1)?.error,
    };
  }
}

export type Steadiness =
  { readonly steady: true } | { readonly steady: false; readonly because: 'rate' | 'failures'; readonly saw: string };

/** Whether each path and mode has at least 95 % of its rate and no failure in the window; else what it has. */
export function steadiness(figures: readonly StreamFigures[], rate: number): Steadiness {
  const low = figures.filter((stream) => stream.rate < 0.95 * rate);
  const failing = figures.filter((stream) => stream.failed > 0);
  if (figures.length > 0 && low.length === 0 && failing.length === 0) return { steady: true };
  const saw = figures.map(
    ({ path, mode, rate: real, failed, lastError }) =>
      `${path} (${mode}) ${real.toFixed(1)}/s of ${String(rate)}/s, ${String(failed)} failed${lastError === undefined ? '' : ` (${lastError})`}`,
  );
  // A stream that fails and is slow for it is failing; one that is only slow has not got its rate.
  return { steady: false, because: failing.length > 0 ? 'failures' : 'rate', saw: saw.join('; ') };
}
