import type { RequestEvent, StateEvent } from '../../model/history.ts';
import { readPod, readWorkload } from '../../model/objects.ts';
import { isHealthy } from '../replay/cluster-state.ts';
import { glob } from '../glob.ts';
import type { Loss } from './loss.ts';

/** The pods of one workload over time. */
export interface Crew {
  /** `shakedown/Deployment/web`. */
  readonly workload: string;
  /** How many were ready when the fault began, and how many are enough. */
  readonly steady: number;
  readonly needed: number;
  readonly least: number;
  /** How many were ready, at each change since the fault. */
  readonly points: readonly { readonly atMs: number; readonly ready: number; readonly event: StateEvent }[];
}

/** The names of the pods that answered before the fault: they are those behind the service. */
export function answeringPods(groups: readonly (readonly RequestEvent[])[], faultMs: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (const group of groups)
    for (const { pod, startMs } of group) {
      if (startMs >= faultMs) break;
      if (pod !== undefined) names.add(pod);
    }
  return names;
}

/**
 * The workloads that are wanted, each with its ready pods.
 * @param wanted a pattern of workload names, or the names of pods that stand for theirs
 * @param share of the steady number that is enough, from 0 to 1
 */
export function crewsOf(
  states: readonly StateEvent[],
  wanted: string | ReadonlySet<string>,
  faultMs: number,
  share: number,
): readonly Crew[] {
  const workloadOf = ownersOf(states);
  const keys = wantedKeys(states, wanted, workloadOf);
  return [...keys]
    .sort()
    .map((workload) => crewOf(states, workload, workloadOf, faultMs, share))
    .filter(({ steady }) => steady > 0);
}

type WorkloadOf = (event: StateEvent) => string;

/** A ReplicaSet is one of its Deployment: in a rollout the pods of both count. */
function ownersOf(states: readonly StateEvent[]): WorkloadOf {
  const deployments = new Map<string, string>();
  for (const { object, namespace, name, value, change } of states) {
    if (object !== 'ReplicaSet' || change === 'deleted') continue;
    const { ownerKind, ownerName } = readWorkload(value);
    if (ownerKind === 'Deployment') deployments.set(`${namespace}/${name}`, ownerName);
  }
  return ({ namespace, name, value }) => {
    const { ownerKind, ownerName } = readPod(value);
    const deployment = ownerKind === 'ReplicaSet' ? deployments.get(`${namespace}/${ownerName}`) : undefined;
    if (deployment !== undefined) return `${namespace}/Deployment/${deployment}`;
    return ownerKind === '' ? `${namespace}/Pod/${name}` : `${namespace}/${ownerKind}/${ownerName}`;
  };
}

function wantedKeys(
  states: readonly StateEvent[],
  wanted: string | ReadonlySet<string>,
  workloadOf: WorkloadOf,
): ReadonlySet<string> {
  const fits = typeof wanted === 'string' ? glob(wanted) : null;
  const keys = new Set<string>();
  for (const event of states) {
    if (event.object !== 'Pod') continue;
    const key = workloadOf(event);
    const isWanted = fits === null ? (wanted as ReadonlySet<string>).has(event.name) : fits(key.split('/')[2] ?? '');
    if (isWanted) keys.add(key);
  }
  return keys;
}

function crewOf(
  states: readonly StateEvent[],
  workload: string,
  workloadOf: WorkloadOf,
  faultMs: number,
  share: number,
): Crew {
  const ready = new Set<string>();
  const points: { atMs: number; ready: number; event: StateEvent }[] = [];
  let steady = 0;
  for (const event of states) {
    if (event.object !== 'Pod' || workloadOf(event) !== workload) continue;
    const { uid, namespace, name, change, value, atMs } = event;
    const before = ready.size;
    if (change !== 'deleted' && isHealthy({ uid, namespace, name, state: readPod(value) })) ready.add(uid);
    else ready.delete(uid);
    if (atMs < faultMs) steady = ready.size;
    else if (ready.size !== before) points.push({ atMs, ready: ready.size, event });
  }
  const least = Math.min(steady, ...points.map((point) => point.ready));
  return { workload, steady, needed: Math.ceil(share * steady - 1e-9), least, points };
}

/**
 * The times in which a workload had fewer ready pods than needed; the watch says when to the instant.
 * @param endMs when the recording ended: what is not back by then is lost until then at least
 */
export function lossesOfPods({ workload, needed, points }: Crew, endMs: number): readonly Loss[] {
  const losses: Loss[] = [];
  let lostMs: number | null = null;
  const what = [`ready pods of ${workload}`];
  for (const { atMs, ready } of points) {
    if (ready < needed) lostMs ??= atMs;
    else if (lostMs !== null) {
      losses.push({ beganLoMs: lostMs, beganHiMs: lostMs, backLoMs: atMs, backHiMs: atMs, what });
      lostMs = null;
    }
  }
  if (lostMs !== null)
    losses.push({ beganLoMs: lostMs, beganHiMs: lostMs, backLoMs: Math.max(lostMs, endMs), backHiMs: Infinity, what });
  return losses;
}
