import type { RequestEvent } from '../../model/history.ts';
import type { FaultWindow } from '../fault-window.ts';
import { glob } from '../glob.ts';
import type { HistoryIndex } from '../history-index.ts';
import { byNamespace, inNamespacesOf } from './namespaces.ts';
import { placesAt, placesNamed, targetOf, type Places, type Target } from './target-places.ts';

/** One injection: its time, from the beginning of the injection to the proof that it is gone, and what it was aimed at. */
export interface Blast {
  readonly step: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether what has this name of a path is away from the target; null where the name does not say. */
  isOutside(path: string): boolean | null;
  /** Whether who gave this answer is away from the target; null where the answer does not say. */
  answeredOutside(request: RequestEvent): boolean | null;
}

/** What stands for a place: a zone with its nodes, or a namespace. */
export type By = 'place' | 'namespace';

/**
 * The injections of a run.
 * @param outside a pattern of what is the target (paths, zones and nodes, or namespaces); null for what the fault names
 * @returns why it cannot be told, as a sentence, when a target is at no place
 */
export function blastsOf(
  { states }: HistoryIndex,
  window: FaultWindow,
  { outside, by }: { readonly outside: string | null; readonly by: By },
): readonly Blast[] | { readonly unknown: string } {
  const blasts: Blast[] = [];
  for (const { step, atMs: startMs, targets } of window.events.filter(({ phase }) => phase === 'injecting')) {
    const places = placesAt(states, startMs);
    const ends = window.events.filter((event) => event.step === step && ['healed', 'gone'].includes(event.phase));
    const endMs = ends.length === 0 ? Infinity : Math.max(...ends.map(({ atMs }) => atMs));
    if (by === 'namespace') {
      const isTarget = outside === null ? inNamespacesOf(targets) : glob(outside);
      if (typeof isTarget !== 'function')
        return {
          unknown: `the target '${isTarget.nowhere}' of ${step} is in no namespace: say with 'outside' which namespaces are its own`,
        };
      blasts.push({ step, startMs, endMs, ...byNamespace(isTarget) });
      continue;
    }
    if (outside !== null) {
      blasts.push({ step, startMs, endMs, ...byPattern(outside, places) });
      continue;
    }
    const target = targetOf(targets, places);
    if ('nowhere' in target)
      return {
        unknown: `the target '${target.nowhere}' of ${step} is at no node or zone that the history knows: say with 'outside' which paths are its own`,
      };
    blasts.push({ step, startMs, endMs, ...byTarget(target, places) });
  }
  return blasts;
}

const zoneOf = ({ zone, node }: RequestEvent, places: Places): string | null =>
  zone ?? (node === undefined ? null : (places.zoneOf.get(node) ?? null));

function byPattern(pattern: string, places: Places): Pick<Blast, 'isOutside' | 'answeredOutside'> {
  const fits = glob(pattern);
  return {
    isOutside: (path) => !fits(path) && !placesNamed(path, places).some(fits),
    answeredOutside: (request) => {
      const by = [request.pod, request.node, zoneOf(request, places)].filter((name) => typeof name === 'string');
      return by.length === 0 ? null : !by.some(fits);
    },
  };
}

function byTarget({ nodes, zones }: Target, places: Places): Pick<Blast, 'isOutside' | 'answeredOutside'> {
  const hit = (name: string): boolean => nodes.has(name) || zones.has(name);
  return {
    isOutside: (path) => {
      const named = placesNamed(path, places);
      return named.length === 0 ? null : !named.some(hit);
    },
    answeredOutside: (request) => {
      const zone = zoneOf(request, places);
      if (request.node === undefined && zone === null) return null;
      return !hit(request.node ?? '') && !hit(zone ?? '');
    },
  };
}
