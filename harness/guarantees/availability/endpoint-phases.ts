import type { StateEvent } from '../../model/history.ts';
import { readEndpointSlice } from '../../model/endpoint-objects.ts';
import type { Phase } from './phases.ts';

/** The ready endpoints of one service, relative to those before the fault. */
interface Redundancy {
  missing: number;
  /** When nothing was missing again after something was; null while something is. */
  fullMs: number | null;
  everMissing: boolean;
}

/**
 * `withdrawn`: the first time that an endpoint which was ready was not any more; `last withdrawn`: the last such time;
 * `full redundancy`: when every service that lost endpoints had as many ready ones as before the fault, for good.
 */
export function endpointPhases(events: readonly StateEvent[], faultMs: number): Phase[] {
  const slices = new Map<string, ReadonlySet<string>>();
  const services = new Map<string, Redundancy>();
  const withdrawn: Phase[] = [];
  for (const event of events) {
    if (event.object !== 'EndpointSlice') continue;
    const slice = readEndpointSlice(event.value);
    const service = `${event.namespace}/${slice.service}`;
    const was = slices.get(event.uid) ?? new Set<string>();
    const ready = slice.endpoints.filter((endpoint) => endpoint.ready && !endpoint.terminating);
    const now = new Set(event.change === 'deleted' ? [] : ready.map(({ pod }) => pod));
    slices.set(event.uid, now);
    if (event.atMs < faultMs) continue;
    const gone = [...was].filter((pod) => !now.has(pod));
    if (gone.length > 0)
      withdrawn.push({ name: 'withdrawn', atMs: event.atMs, what: `${service}: ${gone.join(', ')}` });
    follow(services, service, event.atMs, was.size - now.size);
  }
  const [first] = withdrawn;
  const last = withdrawn.at(-1);
  if (first === undefined || last === undefined) return [];
  const phases = first === last ? [first] : [first, { ...last, name: 'last withdrawn' }];
  return [...phases, ...fullRedundancy(services)];
}

function follow(services: Map<string, Redundancy>, service: string, atMs: number, lost: number): void {
  const known = services.get(service) ?? { missing: 0, fullMs: null, everMissing: false };
  services.set(service, known);
  known.missing += lost;
  if (known.missing > 0) {
    known.everMissing = true;
    known.fullMs = null;
  } else if (known.everMissing) known.fullMs ??= atMs;
}

function fullRedundancy(services: ReadonlyMap<string, Redundancy>): Phase[] {
  const hit = [...services].filter(([, { everMissing }]) => everMissing);
  const times = hit.map(([, { fullMs }]) => fullMs).filter((ms) => ms !== null);
  if (hit.length === 0 || times.length < hit.length) return [];
  return [{ name: 'full redundancy', atMs: Math.max(...times), what: hit.map(([service]) => service).join(', ') }];
}
