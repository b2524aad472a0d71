import type { StateEvent } from '../../model/history.ts';
import { ClusterState } from '../replay/cluster-state.ts';
import { baselineOf, notBack, type Baseline } from './baseline.ts';

/** What was not as before at a time, until the next point. */
export interface ReturnPoint {
  readonly atMs: number;
  readonly missing: readonly string[];
  /** What made it so; null at the heal itself. */
  readonly event: StateEvent | null;
}

export interface Return {
  readonly before: Baseline;
  /** From the last heal on: each change of what is missing. */
  readonly points: readonly ReturnPoint[];
}

/** What of the cluster must return; the alerts are of somebody who watches it. */
export const watchedKinds = ['Node', 'Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;
export const returnKinds: readonly string[] = [...watchedKinds, 'Alert'];

/** Replays the watches: how everything was when the fault began, and what of it was missing after the heal. */
export function followReturn(events: readonly StateEvent[], faultMs: number, healedMs: number): Return {
  const cluster = new ClusterState();
  const own = events.filter(({ object }) => returnKinds.includes(object));
  let at = 0;
  const until = (atMs: number): void => {
    for (let event = own[at]; event !== undefined && event.atMs <= atMs; event = own[(at += 1)]) cluster.apply(event);
  };
  until(faultMs);
  const before = baselineOf(cluster);
  until(healedMs);
  const points: ReturnPoint[] = [{ atMs: healedMs, missing: notBack(before, cluster), event: null }];
  for (const event of own.slice(at)) {
    cluster.apply(event);
    const missing = notBack(before, cluster);
    if (!sameTexts(missing, points.at(-1)?.missing ?? [])) points.push({ atMs: event.atMs, missing, event });
  }
  return { before, points };
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index]);
