import type { HistoryIndex } from '../history-index.ts';
import type { ConnectionMode, HistoryEvent, OpEvent, RequestEvent } from '../../model/history.ts';

/** The samples of one way into the system, in the order of their starts. */
export interface Stream {
  /** As sentences name it: `nodeport-a (new connections)`, `api-ha`. */
  readonly label: string;
  readonly path: string;
  /** The connection mode of requests; null for operations. */
  readonly mode: string | null;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** 1 where there was a good answer, however late. */
  readonly oks: Uint8Array;
  /** Numbers that were given to requests of which the history has no event. */
  readonly missing: number;
  readonly events: readonly HistoryEvent[];
}

function arrays(events: readonly (RequestEvent | OpEvent)[]): Pick<Stream, 'starts' | 'ends' | 'oks'> {
  const starts = new Float64Array(events.length);
  const ends = new Float64Array(events.length);
  const oks = new Uint8Array(events.length);
  events.forEach((event, index) => {
    starts[index] = event.startMs;
    ends[index] = event.endMs;
    oks[index] = (event.kind === 'request' ? event.ok : event.outcome === 'ok') ? 1 : 0;
  });
  return { starts, ends, oks };
}

/** The stream of one path and mode, of events in the order of their starts. */
export function requestStream(events: readonly RequestEvent[]): Stream {
  const [first] = events;
  const { path, mode } = first ?? { path: '', mode: 'new' as const };
  let [lowest, highest] = [Infinity, -Infinity];
  for (const { seq } of events) {
    if (seq < lowest) lowest = seq;
    if (seq > highest) highest = seq;
  }
  return {
    label: `${path} (${mode} connections)`,
    path,
    mode,
    ...arrays(events),
    missing: Math.max(0, highest - lowest + 1 - events.length),
    events,
  };
}

/** The stream of the operations through one target. Sorts the events it is given in place. */
export function opStream(events: OpEvent[]): Stream {
  const path = events[0]?.target ?? '';
  events.sort((a, b) => a.startMs - b.startMs);
  return { label: path, path, mode: null, ...arrays(events), missing: 0, events };
}

/** The streams of the requests on the paths that are wanted. */
export function requestStreams(
  groups: HistoryIndex['requests'],
  wanted: (path: string, mode: ConnectionMode) => boolean,
): Stream[] {
  return groups
    .filter(([first]) => first !== undefined && wanted(first.path, first.mode))
    .map(requestStream)
    .sort(byLabel);
}

/** The streams of the writes through the targets that are wanted. */
export function writeStreams(ops: readonly OpEvent[], wanted: (target: string) => boolean): Stream[] {
  const groups = new Map<string, OpEvent[]>();
  for (const op of ops) {
    // Who compares, adds or appends waits for others by its nature: only plain writes show when the target serves.
    if (op.action !== 'write') continue;
    const group = groups.get(op.target);
    if (group === undefined) groups.set(op.target, [op]);
    else group.push(op);
  }
  return [...groups]
    .filter(([target]) => wanted(target))
    .map(([, group]) => opStream(group))
    .sort(byLabel);
}

// Verdicts must not depend on the order in which the paths first answered.
const byLabel = (a: Stream, b: Stream): number => (a.label < b.label ? -1 : 1);

/** Whether requests of this path never touch the cluster: they tell the harness's stalls from the system's. */
export const isControl = (path: string): boolean => path === 'control' || path.startsWith('control-');
