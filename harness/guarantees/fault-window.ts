import type { FaultEvent } from '../model/history.ts';
import type { HistoryIndex } from './history-index.ts';

/** The time in which promises are judged: from the first injection to the end of the recording. */
export interface FaultWindow {
  /** When the first injection began. */
  readonly startMs: number;
  /** When the run's steady gate had opened: before it, failures are a start-up; 0 when the run records no gate. */
  readonly steadyMs: number;
  /** When the last fault was healed; null when none was. */
  readonly healedMs: number | null;
  /** When the last fault was proved gone, or healed where it was not proved; null when none was. */
  readonly goneMs: number | null;
  readonly targets: readonly string[];
  readonly events: readonly FaultEvent[];
}

/** The window, or why nothing can be judged: without a fault that was felt, a promise was not put to the test. */
export function faultWindow({ faults: events, phases }: HistoryIndex): FaultWindow | { readonly unknown: string } {
  const injecting = events.filter(({ phase }) => phase === 'injecting');
  if (injecting.length === 0) return { unknown: 'no fault was injected' };
  for (const { step } of injecting) {
    const ofStep = events.filter((event) => event.step === step);
    if (ofStep.some(({ phase }) => phase === 'felt')) continue;
    const notFelt = ofStep.find(({ phase }) => phase === 'not-felt');
    return { unknown: `the fault ${step} was injected but not felt${notFelt ? `: ${notFelt.detail}` : ''}` };
  }
  const last = (...phases: FaultEvent['phase'][]): number | null => {
    const times = events.filter(({ phase }) => phases.includes(phase)).map(({ atMs }) => atMs);
    return times.length === 0 ? null : Math.max(...times);
  };
  const startMs = Math.min(...injecting.map(({ atMs }) => atMs));
  return {
    startMs,
    steadyMs: steadyGate(phases, startMs),
    healedMs: last('healed') ?? last('gone'),
    goneMs: last('healed', 'gone'),
    targets: [...new Set(injecting.flatMap(({ targets }) => targets))],
    events,
  };
}

function steadyGate(phases: HistoryIndex['phases'], startMs: number): number {
  let steadyMs = 0;
  for (const { phase, state, atMs } of phases)
    if (phase === 'steady' && state === 'ended' && atMs <= startMs) steadyMs = atMs;
  return steadyMs;
}
