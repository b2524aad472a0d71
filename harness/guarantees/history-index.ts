import type {
  FaultEvent,
  GapEvent,
  History,
  OpEvent,
  PhaseEvent,
  RequestEvent,
  SampleEvent,
  StateEvent,
  WatchEvent,
} from '../model/history.ts';

/** A history by kinds of events, made in one pass: a long one has a few hundred thousand requests and little else. */
export interface HistoryIndex {
  /** The requests of each path and mode, in the order of their starts. */
  readonly requests: readonly (readonly RequestEvent[])[];
  readonly ops: readonly OpEvent[];
  /** In the order in which they were recorded, which is that in which each client got them. */
  readonly watches: readonly WatchEvent[];
  readonly faults: readonly FaultEvent[];
  /** In the order of their times; those of one instant as they were recorded. */
  readonly states: readonly StateEvent[];
  readonly gaps: readonly GapEvent[];
  readonly samples: readonly SampleEvent[];
  readonly phases: readonly PhaseEvent[];
  /** The requests and operations that nobody could send, because the name of their target was not looked up. */
  readonly unnamed: readonly (RequestEvent | OpEvent)[];
  /** The end of the last event. */
  readonly endMs: number;
}

// All judges of a run look at the same array, which only ever grows: the last index of it is kept with its length.
const kept = new WeakMap<History, { readonly length: number; readonly index: HistoryIndex }>();

/** The index of a history. */
export function indexHistory(history: History): HistoryIndex {
  const last = kept.get(history);
  if (last?.length === history.length) return last.index;
  const index = makeIndex(history);
  kept.set(history, { length: history.length, index });
  return index;
}

function makeIndex(history: History): HistoryIndex {
  const requests = { new: new Map<string, RequestEvent[]>(), reused: new Map<string, RequestEvent[]>() };
  const ops: OpEvent[] = [];
  const watches: WatchEvent[] = [];
  const faults: FaultEvent[] = [];
  const states: StateEvent[] = [];
  const gaps: GapEvent[] = [];
  const samples: SampleEvent[] = [];
  const phases: PhaseEvent[] = [];
  const unnamed: (RequestEvent | OpEvent)[] = [];
  let endMs = 0;
  for (const event of history) {
    switch (event.kind) {
      case 'request':
        addTo(requests[event.mode], event);
        break;
      case 'op':
        ops.push(event);
        break;
      case 'watch':
        watches.push(event);
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
        samples.push(event);
        break;
    }
    if ('error' in event && event.error === 'dns') unnamed.push(event);
    const end = 'endMs' in event ? event.endMs : event.atMs;
    if (end > endMs) endMs = end;
  }
  states.sort((a, b) => a.atMs - b.atMs);
  const groups = [...requests.new.values(), ...requests.reused.values()];
  for (const group of groups) group.sort((a, b) => a.startMs - b.startMs);
  return { requests: groups, ops, watches, faults, states, gaps, samples, phases, unnamed, endMs };
}

function addTo(paths: Map<string, RequestEvent[]>, request: RequestEvent): void {
  const group = paths.get(request.path);
  if (group === undefined) paths.set(request.path, [request]);
  else group.push(request);
}
