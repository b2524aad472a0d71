import type { History, StateEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import { readEndpointSlice, readNode, readPod } from '../../model/objects.ts';
import type { FaultWindow } from '../fault-window.ts';

/** One step from the fault to full redundancy, for a waterfall. */
interface Phase {
  readonly name: string;
  readonly atMs: number;
  readonly what: string;
}

const states = (history: History, object: string): StateEvent[] =>
  history.filter((event): event is StateEvent => event.kind === 'state' && event.object === object);

/** The phases of an incident from the events of faults and watches, in order of time; null without any. */
export function phasesOf(history: History, window: FaultWindow): Json {
  const phases = [
    ...faultPhases(window),
    ...first('noticed', noticed(states(history, 'Node'), window.startMs)),
    ...withdrawn(states(history, 'EndpointSlice'), window.startMs),
    ...replaced(states(history, 'Pod'), window.startMs),
  ].sort((a, b) => a.atMs - b.atMs);
  return phases.map(({ name, atMs, what }) => ({
    name,
    atMs: Math.round(atMs * 10) / 10,
    sinceFaultMs: Math.round((atMs - window.startMs) * 10) / 10,
    what,
  }));
}

const first = (name: string, phases: readonly Omit<Phase, 'name'>[]): Phase[] =>
  phases.slice(0, 1).map((phase) => ({ name, ...phase }));

function faultPhases({ events }: FaultWindow): Phase[] {
  return events
    .filter(({ phase }) => phase !== 'planned')
    .map(({ phase, atMs, step, detail }) => ({ name: phase, atMs, what: detail === '' ? step : `${step}: ${detail}` }));
}

/** Nodes that were Ready and then were not. */
function noticed(events: readonly StateEvent[], faultMs: number): Omit<Phase, 'name'>[] {
  const ready = new Set<string>();
  const found: Omit<Phase, 'name'>[] = [];
  for (const event of events) {
    const node = readNode(event.value);
    if (node.ready === 'True') ready.add(event.name);
    else if (ready.delete(event.name) && event.atMs >= faultMs)
      found.push({ atMs: event.atMs, what: `${event.name} Ready=${node.ready} (${node.reason})` });
  }
  return found;
}

/** When endpoints that were ready were withdrawn, and when each service had as many ready ones as before again. */
function withdrawn(events: readonly StateEvent[], faultMs: number): Phase[] {
  const slices = new Map<string, Set<string>>();
  const services = new Map<string, { before: number; lowestMs: number | null; fullMs: number | null }>();
  const phases: Phase[] = [];
  for (const event of events) {
    const slice = readEndpointSlice(event.value);
    const service = `${event.namespace}/${slice.service}`;
    const was = slices.get(event.uid) ?? new Set<string>();
    const now = new Set(
      event.change === 'deleted' ? [] : slice.endpoints.filter(({ ready }) => ready).map(({ pod }) => pod),
    );
    slices.set(event.uid, now);
    const known = services.get(service) ?? { before: 0, lowestMs: null, fullMs: null };
    services.set(service, known);
    if (event.atMs < faultMs) {
      known.before += now.size - was.size;
      continue;
    }
    const gone = [...was].filter((pod) => !now.has(pod));
    if (gone.length > 0) phases.push({ name: 'withdrawn', atMs: event.atMs, what: `${service}: ${gone.join(', ')}` });
    track(known, event.atMs, now.size - was.size);
  }
  const lost = [...services].filter(([, { lowestMs }]) => lowestMs !== null);
  const full = lost.map(([, { fullMs }]) => fullMs);
  if (full.length > 0 && !full.includes(null)) {
    const atMs = Math.max(...full.map((ms) => ms ?? 0));
    phases.push({ name: 'full redundancy', atMs, what: lost.map(([service]) => service).join(', ') });
  }
  return [...firstAndLast(phases.filter(({ name }) => name === 'withdrawn')), ...phases.slice(-1).filter(isFull)];
}

const isFull = ({ name }: Phase): boolean => name === 'full redundancy';

const firstAndLast = (phases: readonly Phase[]): Phase[] => {
  const [one] = phases;
  const last = phases.at(-1);
  if (one === undefined || last === undefined) return [];
  return one === last ? [one] : [one, { ...last, name: 'last withdrawn' }];
};

/** Follows the count of ready endpoints relative to the one before the fault. */
function track(
  known: { before: number; lowestMs: number | null; fullMs: number | null },
  atMs: number,
  by: number,
): void {
  const tracked = known as typeof known & { delta?: number };
  const delta = (tracked.delta ?? 0) + by;
  tracked.delta = delta;
  if (delta < 0) {
    known.lowestMs = atMs;
    known.fullMs = null;
  } else if (known.lowestMs !== null) known.fullMs ??= atMs;
}

/** When the first pod that is newer than the fault was scheduled, and when the first and the last were ready. */
function replaced(events: readonly StateEvent[], faultMs: number): Phase[] {
  const old = new Set<string>();
  const scheduled = new Set<string>();
  const ready = new Set<string>();
  const phases: Phase[] = [];
  for (const event of events) {
    if (event.atMs < faultMs) old.add(event.uid);
    if (old.has(event.uid) || event.change === 'deleted') continue;
    const pod = readPod(event.value);
    if (pod.node !== null && !scheduled.has(event.uid)) {
      scheduled.add(event.uid);
      phases.push({ name: 'scheduled', atMs: event.atMs, what: `${event.name} on ${pod.node}` });
    }
    if (pod.ready && !ready.has(event.uid)) {
      ready.add(event.uid);
      phases.push({ name: 'ready', atMs: event.atMs, what: event.name });
    }
  }
  return [
    ...phases.filter(({ name }) => name === 'scheduled').slice(0, 1),
    ...phases.filter(({ name }) => name === 'ready').slice(0, 1),
  ];
}
