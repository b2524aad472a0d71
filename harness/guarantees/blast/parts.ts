import type { RequestEvent } from '../../model/history.ts';
import { steadyRatio, steadySamples } from '../availability/steady.ts';
import { shareOf, type Share } from '../requests/share.ts';
import type { Tally } from '../requests/tally.ts';
import { count, formatShare } from '../sentence.ts';
import type { Blast } from './outside.ts';

/** What some requests outside of the blast came to. */
export interface Part {
  /** A path, or `answers from zone-b` for what came from there by any path. */
  readonly name: string;
  readonly kind: 'path' | 'answers';
  readonly share: Share;
  /** Why its failures say nothing of the fault; null when they do. */
  readonly flaw: string | null;
  /** The first that failed. */
  readonly evidence: readonly RequestEvent[];
}

/** The requests of a tally that are wanted. What has no result may have been any of them. */
function only(tally: Tally, wanted: (request: RequestEvent) => boolean): Tally {
  const { sent, failed, doubtful } = tally;
  return { ...tally, sent: sent.filter(wanted), failed: failed.filter(wanted), doubtful: doubtful.filter(wanted) };
}

const at = ({ startMs, endMs }: Blast, request: RequestEvent): boolean =>
  request.startMs >= startMs && request.startMs <= endMs;

/** Whether a request belongs outside: in the time of some injection, and away from the target of each that was there then. */
const outsideOf =
  (blasts: readonly Blast[], isOutside: (blast: Blast, request: RequestEvent) => boolean | null) =>
  (request: RequestEvent): boolean => {
    const meanwhile = blasts.filter((blast) => at(blast, request));
    return meanwhile.length > 0 && meanwhile.every((blast) => isOutside(blast, request) === true);
  };

/** The parts of the load outside of the blasts: each path that names another place, and the answers from each other zone. */
export function partsOutside(list: readonly Tally[], blasts: readonly Blast[]): readonly Part[] {
  const byPath = Map.groupBy(list, ({ path }) => path);
  const paths = [...byPath].flatMap(([path, tallies]): Part[] => {
    const isOutside = new Map(blasts.map((blast) => [blast, blast.isOutside(path)]));
    const wanted = outsideOf(blasts, (blast) => isOutside.get(blast) ?? null);
    const parts = tallies.map((tally) => only(tally, wanted));
    if (parts.every(({ sent }) => sent.length === 0)) return [];
    return [{ name: path, kind: 'path', share: shareOf(parts), flaw: unsteady(tallies), evidence: first(parts) }];
  });
  return [...paths, ...answers(list, blasts)];
}

const first = (parts: readonly Tally[]): RequestEvent[] => parts.flatMap(({ failed }) => failed.slice(0, 2));

const placeOf = ({ zone, node }: RequestEvent): string | undefined => zone ?? node;

function answers(list: readonly Tally[], blasts: readonly Blast[]): Part[] {
  const wanted = outsideOf(blasts, (blast, request) => blast.answeredOutside(request));
  const outside = list.map((tally) => only(tally, wanted));
  const zones = new Set(outside.flatMap(({ sent }) => sent.map(placeOf)));
  return [...zones]
    .filter((zone) => zone !== undefined)
    .sort()
    .map((zone): Part => {
      const parts = outside.map((tally) => ({ ...only(tally, (request) => placeOf(request) === zone), missing: 0 }));
      return {
        name: `answers from ${zone}`,
        kind: 'answers',
        share: shareOf(parts),
        flaw: null,
        evidence: first(parts),
      };
    });
}

function unsteady(tallies: readonly Tally[]): string | null {
  for (const { label, doubt } of tallies) {
    const { samples, ratio } = doubt.steady;
    if (samples < steadySamples)
      return `only ${count(samples, 'request')} on ${label} while it was steady before the fault, ${String(steadySamples)} are needed`;
    if (ratio < steadyRatio)
      return `${label} was not steady before the fault: ${formatShare(samples * ratio, samples)} of the requests were served in time`;
  }
  return null;
}
