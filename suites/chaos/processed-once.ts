import type { HistoryEvent, SampleEvent, StateEvent } from '../../harness/model/history.ts';
import { readPod, readWorkload } from '../../harness/model/objects.ts';

/** An object that the workload `arrivals` made, and what became of it, from all that the watches told. */
export interface Processed {
  readonly kind: string;
  readonly name: string;
  readonly wanted: number;
  /** When the API had acknowledged it. */
  readonly madeMs: number;
  /** The ReplicaSets of a Deployment that ever were; a Job has none. */
  readonly sets: number;
  /** The pods that ever were, told by their uids. */
  readonly pods: readonly ProcessedPod[];
}

export interface ProcessedPod {
  readonly name: string;
  readonly firstMs: number;
  /** When a node was first named. */
  readonly placedMs: number;
  readonly nodes: readonly string[];
  /** As it was told last. */
  readonly ready: boolean;
  readonly deleted: boolean;
}

/** Every arrival of a history, in the order of their making. */
export function processedArrivals(events: readonly HistoryEvent[]): readonly Processed[] {
  const states = events.filter((event) => event.kind === 'state');
  const pods = byUid(states.filter(({ object }) => object === 'Pod'));
  const sets = byUid(states.filter(({ object }) => object === 'ReplicaSet'));
  const isArrival = (event: HistoryEvent): event is SampleEvent => event.kind === 'sample' && event.probe === 'arrival';
  return events.filter(isArrival).map(({ atMs, value }) => {
    const { kind, name, replicas } = value as {
      readonly kind: string;
      readonly name: string;
      readonly replicas: number;
    };
    const own = sets.filter(({ told }) => {
      const { ownerKind, ownerName } = readWorkload(told[0].value);
      return ownerKind === kind && ownerName === name;
    });
    const owners = kind === 'Deployment' ? own.map((set) => ['ReplicaSet', set.told[0].name]) : [[kind, name]];
    const its = pods.filter(({ told }) => {
      const { ownerKind, ownerName } = readPod(told[0].value);
      return owners.some(([ofKind, ofName]) => ownerKind === ofKind && ownerName === ofName);
    });
    return { kind, name, wanted: replicas, madeMs: atMs, sets: own.length, pods: its.map(({ told }) => podOf(told)) };
  });
}

type Told = readonly [StateEvent, ...StateEvent[]];

function byUid(events: readonly StateEvent[]): readonly { readonly uid: string; readonly told: Told }[] {
  const found = new Map<string, [StateEvent, ...StateEvent[]]>();
  for (const event of events) {
    const told = found.get(event.uid);
    if (told === undefined) found.set(event.uid, [event]);
    else told.push(event);
  }
  return [...found].map(([uid, told]) => ({ uid, told }));
}

function podOf(told: Told): ProcessedPod {
  const states = told.map(({ atMs, value }) => ({ atMs, ...readPod(value) }));
  return {
    name: told[0].name,
    firstMs: told[0].atMs,
    placedMs: states.find(({ node }) => node !== null)?.atMs ?? Infinity,
    nodes: [...new Set(states.flatMap(({ node }) => (node === null ? [] : [node])))],
    ready: states.at(-1)?.ready ?? false,
    deleted: told.some(({ change }) => change === 'deleted') || states.some((one) => one.deletionTimestamp !== null),
  };
}

/** What was made more often than was asked for, each as a sentence; a duplicate counts that was taken away again, too. */
export function madeTwice(arrivals: readonly Processed[]): readonly string[] {
  return arrivals.flatMap(({ kind, name, wanted, sets, pods }) => {
    const title = `${kind} ${name}`;
    const found = pods
      .filter(({ nodes }) => nodes.length > 1)
      .map((pod) => `${title}: ${pod.name} was on ${pod.nodes.join(' and ')}`);
    if (sets > 1) found.push(`${title} had ${String(sets)} ReplicaSets`);
    if (pods.length > wanted) found.push(`${title} had ${String(pods.length)} pods and wants ${String(wanted)}`);
    return found;
  });
}

/** When the pods came that were too many, of all arrivals: those after the first that were wanted. */
export const extraPodsMs = (arrivals: readonly Processed[]): readonly number[] =>
  arrivals.flatMap(({ wanted, pods }) =>
    pods
      .map(({ firstMs }) => firstMs)
      .toSorted((a, b) => a - b)
      .slice(wanted),
  );

/** What is not as it was asked for when the recording ends, each as a sentence. */
export function notDone(arrivals: readonly Processed[]): readonly string[] {
  return arrivals.flatMap(({ kind, name, wanted, sets, pods }) => {
    const title = `${kind} ${name}`;
    const there = pods.filter(({ deleted }) => !deleted);
    const found = there.filter(({ ready }) => !ready).map((pod) => `${title}: ${pod.name} is not ready`);
    if (kind === 'Deployment' && sets === 0) found.push(`${title} has no ReplicaSet`);
    if (there.length !== wanted) found.push(`${title} has ${String(there.length)} pods and wants ${String(wanted)}`);
    return found;
  });
}
