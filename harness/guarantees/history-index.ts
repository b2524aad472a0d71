import type { FaultEvent, GapEvent, History, OpEvent, PhaseEvent, RequestEvent, StateEvent } from '../model/history.ts';

/** A history by kinds of events, made in one pass: a long one has a few hundred thousand requests and little else. */
export interface HistoryIndex {
  readonly requests: readonly RequestEvent[];
  readonly ops: readonly OpEvent[];
  readonly faults: readonly FaultEvent[];
  /** In the order of their times; those of one instant as they were recorded. */
  readonly states: readonly StateEvent[];
  readonly gaps: readonly GapEvent[];
  readonly phases: readonly PhaseEvent[];
  /** The end of the last event. */
  readonly endMs: number;
}

/** Sorts a history's events by kind. */
export function indexHistory(history: History): HistoryIndex {
  const requests: RequestEvent[] = [];
  const ops: OpEvent[] = [];
  const faults: FaultEvent[] = [];
  const states: StateEvent[] = [];
  const gaps: GapEvent[] = [];
  const phases: PhaseEvent[] = [];
  let endMs = 0;
  for (const event of history) {
    switch (event.kind) {
      case 'request':
        requests.push(event);
        break;
      case 'op':
        ops.push(event);
        break;
      case 'fault':
        faults.push(event);
        break;
      case 'state':
        states.push(event);
        break;
      case 'gap':
        gaps.push(event);
        break;
      case 'phase':
        phases.push(event);
        break;
      case 'sample':
        break;
    }
    const end = 'endMs' in event ? event.endMs : event.atMs;
    if (end > endMs) endMs = end;
  }
  states.sort((a, b) => a.atMs - b.atMs);
  return { requests, ops, faults, states, gaps, phases, endMs };
}
