import { setInterval } from 'node:timers';

import { formatMs } from '../model/duration.ts';
import type { HistoryEvent } from '../model/history.ts';
import type { Clock } from '../util/clock.ts';

const everyMs = 50;
/** A stall shorter than this moves no figure by more than its error bar. */
const stallMs = 250;
const clockStepMs = 50;

/**
 * Watches the harness itself: a stall of its event loop is a gap of the probe `harness`, a step of the wall clock
 * (which the load generator's times are joined by) is a gap of the probe `clock`.
 */
export function monitorSelf(clock: Clock, record: (event: HistoryEvent) => void): Disposable {
  let lastMs = clock.now();
  let lastStepMs = clock.stepMs();
  const timer = setInterval(() => {
    const nowMs = clock.now();
    const stepMs = clock.stepMs();
    if (nowMs - lastMs > everyMs + stallMs) {
      const because = `the harness's event loop stood still for ${formatMs(nowMs - lastMs)}`;
      record({ kind: 'gap', probe: 'harness', startMs: lastMs, endMs: nowMs, because });
    }
    if (Math.abs(stepMs - lastStepMs) > clockStepMs) {
      const because = `the wall clock stepped by ${formatMs(stepMs - lastStepMs)}`;
      record({ kind: 'gap', probe: 'clock', startMs: lastMs, endMs: nowMs, because });
      lastStepMs = stepMs;
    }
    lastMs = nowMs;
  }, everyMs);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}
