import { alertProbe, readAlert } from '../../model/alert.ts';
import type { Json } from '../../model/json.ts';
import type { StateEvent } from '../../model/history.ts';
import { asObject, text } from '../../model/object-fields.ts';
import type { HistoryIndex } from '../history-index.ts';
import { alertText } from './baseline.ts';

/** Whose alerts were watched: the service, or null where nobody looked at alerts. */
export function alertSource({ samples }: HistoryIndex): string | null {
  const named = samples.find(({ probe }) => probe === alertProbe);
  return named === undefined ? null : text(asObject(named.value, alertProbe), 'service', alertProbe);
}

/** When something may have come about at the earliest: an alert is only looked at from time to time. */
export const earliestMs = ({ object, atMs, value }: StateEvent): number =>
  object === 'Alert' ? (readAlert(value).lastLookMs ?? atMs) : atMs;

/**
 * The alerts, in the words of a verdict, of which nobody can tell whether they fired before the fault already: they were first seen
 * after it, were not looked for shortly before it, and Prometheus says that their cause is older.
 */
export function doubtfulAlerts({ states }: HistoryIndex, seenMs: number, faultMs: number): ReadonlySet<string> {
  const doubtful = new Set<string>();
  for (const { object, change, atMs, value } of states) {
    if (object !== 'Alert' || change === 'deleted' || atMs <= seenMs) continue;
    const { labels, activeMs, lastLookMs } = readAlert(value);
    if ((lastLookMs ?? -Infinity) < faultMs && (activeMs ?? -Infinity) <= faultMs) doubtful.add(alertText(labels));
  }
  return doubtful;
}

const mostTold = 500;

/** The alerts that began to fire after the fault: when each was first seen, after the injection, and when it was gone. */
export function alertsSince({ states }: HistoryIndex, faultMs: number): Json {
  const told = new Map<string, { readonly seenMs: number; goneMs: number | null }>();
  for (const { object, change, atMs, uid } of states) {
    if (object !== 'Alert' || atMs < faultMs) continue;
    const first = told.get(uid);
    if (change !== 'deleted') told.set(uid, { seenMs: first?.seenMs ?? atMs - faultMs, goneMs: null });
    else if (first !== undefined) first.goneMs = atMs - faultMs;
  }
  return [...told].slice(0, mostTold).map(([alert, { seenMs, goneMs }]) => ({ alert, seenMs, goneMs }));
}
