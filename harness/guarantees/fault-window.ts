import type { FaultEvent, History } from '../model/history.ts';

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
export function faultWindow(history: History): FaultWindow | { readonly unknown: string } {
  const events = history.filter((event): event is FaultEvent => event.kind === 'fault');
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
    steadyMs: steadyGate(history, startMs),
    healedMs: last('healed') ?? last('gone'),
    goneMs: last('healed', 'gone'),
    targets: [...new Set(injecting.flatMap(({ targets }) => targets))],
    events,
  };
}

function steadyGate(history: History, startMs: number): number {
  let steadyMs = 0;
  for (const event of history) {
    if (event.kind !== 'phase' || event.phase !== 'steady' || event.state !== 'ended') continue;
    if (event.atMs <= startMs) steadyMs = event.atMs;
  }
  return steadyMs;
}
