import type { StateEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import { readNode, readPod } from '../../model/objects.ts';
import type { FaultWindow } from '../fault-window.ts';
import type { HistoryIndex } from '../history-index.ts';
import { endpointPhases } from './endpoint-phases.ts';

/** One step from the fault to full redundancy, for a waterfall. */
export interface Phase {
  readonly name: string;
  readonly atMs: number;
  readonly what: string;
}

/** The phases of an incident from the events of faults and watches, in the order of their times. */
export function phasesOf({ states }: HistoryIndex, window: FaultWindow): readonly Phase[] {
  return [
    ...faultPhases(window),
    ...noticed(states, window.startMs).slice(0, 1),
    ...endpointPhases(states, window.startMs),
    ...replaced(states, window.startMs),
  ].sort((a, b) => a.atMs - b.atMs);
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

export const phaseDetails = (phases: readonly Phase[], faultMs: number): Json =>
  phases.map(({ name, atMs, what }) => ({ name, atMs: round(atMs), sinceFaultMs: round(atMs - faultMs), what }));

function faultPhases({ events }: FaultWindow): Phase[] {
  return events
    .filter(({ phase }) => phase !== 'planned')
    .map(({ phase, atMs, step, detail }) => ({ name: phase, atMs, what: detail === '' ? step : `${step}: ${detail}` }));
}

/** Nodes that were Ready and then were not. */
function noticed(events: readonly StateEvent[], faultMs: number): Phase[] {
  const ready = new Set<string>();
  const found: Phase[] = [];
  for (const event of events) {
    if (event.object !== 'Node') continue;
    const node = readNode(event.value);
    if (node.ready === 'True') ready.add(event.name);
    else if (ready.delete(event.name) && event.atMs >= faultMs)
      found.push({ name: 'noticed', atMs: event.atMs, what: `${event.name} Ready=${node.ready} (${node.reason})` });
  }
  return found;
}

/** When the first pod that is newer than the fault was given a node, and when the first of them was ready. */
function replaced(events: readonly StateEvent[], faultMs: number): Phase[] {
  const old = new Set<string>();
  let scheduled: Phase | null = null;
  let ready: Phase | null = null;
  for (const event of events) {
    if (event.object !== 'Pod') continue;
    if (event.atMs < faultMs) old.add(event.uid);
    if (old.has(event.uid) || event.change === 'deleted') continue;
    const pod = readPod(event.value);
    if (pod.node !== null) scheduled ??= { name: 'scheduled', atMs: event.atMs, what: `${event.name} on ${pod.node}` };
    if (pod.ready) ready ??= { name: 'ready', atMs: event.atMs, what: event.name };
  }
  return [scheduled, ready].filter((phase) => phase !== null);
}
