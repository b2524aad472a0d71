import { toMs, type Duration } from '../../model/duration.ts';

/** What says in which order services have to come back. */
interface Needing {
  readonly needs?: readonly string[];
  readonly rto?: Duration;
}

type Services = Readonly<Record<string, Needing>>;

/** What one service is refused for. */
export interface Contradiction {
  readonly name: string;
  readonly message: string;
}

/**
 * What cannot be true of an analysis: a service cannot be back before what it needs, so that its RTO is at least as long as
 * theirs; and none can need itself, over whatever detour.
 */
export function contradictions(services: Services): readonly Contradiction[] {
  return Object.entries(services).flatMap(([name, service]) => {
    const messages = (service.needs ?? []).flatMap((needed) => {
      const other = services[needed];
      if (other === undefined) return [`expected services of this file, found '${needed}'`];
      const early = sooner(service, other);
      return early === null ? [] : [`expected an RTO of ${needed} within its own, found ${early}`];
    });
    const round = circle(services, name);
    const circles = round === null ? [] : [`expected no circle, found ${round.join(' needs ')}`];
    return [...messages, ...circles].map((message) => ({ name, message }));
  });
}

function sooner({ rto }: Needing, { rto: needed }: Needing): string | null {
  if (rto === undefined || needed === undefined) return null;
  return toMs(needed, 'rto') > toMs(rto, 'rto') ? `${needed} against ${rto}` : null;
}

/** The way by which a service needs itself, from it and back to it; null when there is none. */
function circle(services: Services, name: string): readonly string[] | null {
  const seen = new Set<string>();
  const ways: (readonly string[])[] = [[name]];
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of services[way.at(-1) ?? name]?.needs ?? []) {
      if (next === name) return [...way, name];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return null;
}

/** The order in which services have to come back: each after all that it needs, else as they are given. */
export function inOrder<T extends Needing & { readonly name: string }>(services: readonly T[]): readonly T[] {
  const placed = new Set<T>();
  const place = (service: T): void => {
    if (placed.has(service)) return;
    for (const needed of service.needs ?? []) for (const other of services) if (other.name === needed) place(other);
    placed.add(service);
  };
  for (const service of services) place(service);
  return [...placed];
}
