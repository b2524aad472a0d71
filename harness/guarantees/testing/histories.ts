import { alertProbe } from '../../model/alert.ts';
import type {
  ConnectionMode,
  FaultEvent,
  GapEvent,
  HistoryEvent,
  OpEvent,
  RequestEvent,
  SampleEvent,
  StateEvent,
} from '../../model/history.ts';
import type { Json } from '../../model/json.ts';

/** Makers of hand-written histories for the tests of the judges. */

/** One fault from 10 s to 20 s: injecting at 10 s, felt 100 ms later, healed at 20 s, gone 200 ms later. */
export function fault(given: Partial<Record<'injectingMs' | 'feltMs' | 'healedMs', number | null>> = {}): FaultEvent[] {
  const { injectingMs = 10_000, feltMs = 10_100, healedMs = 20_000 } = given;
  const event = (phase: FaultEvent['phase'], atMs: number, detail = ''): FaultEvent => {
    return { kind: 'fault', atMs, step: '1-node-power-loss', fault: 'node-power-loss', phase, detail, targets: ['w1'] };
  };
  return [
    event('planned', 9_000),
    ...(injectingMs === null ? [] : [event('injecting', injectingMs), event('injected', injectingMs + 50)]),
    feltMs === null ? event('not-felt', 10_500, 'w1 still answers') : event('felt', feltMs),
    ...(healedMs === null
      ? []
      : [event('healing', healedMs - 50), event('healed', healedMs), event('gone', healedMs + 200)]),
  ];
}

export interface Traffic {
  readonly path?: string;
  readonly mode?: ConnectionMode;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly periodMs?: number;
  readonly latencyMs?: number;
  /** What comes of the request that starts then, where it is not a good answer in time. */
  readonly fails?: (startMs: number, seq: number) => Partial<RequestEvent> | false | undefined;
}

/** Open-loop requests, one each period: 25 ms, answered after 2 ms, from 0 s to 30 s. */
export function requests(given: Traffic = {}): RequestEvent[] {
  const { path = 'web', mode = 'new', fromMs = 0, toMs = 30_000, periodMs = 25, latencyMs = 2, fails } = given;
  const count = Math.floor((toMs - fromMs) / periodMs);
  return Array.from({ length: count }, (_, seq): RequestEvent => {
    const startMs = fromMs + seq * periodMs;
    const good = {
      kind: 'request',
      path,
      mode,
      seq,
      startMs,
      endMs: startMs + latencyMs,
      ok: true,
      status: 200,
    } as const;
    const failure = fails?.(startMs, seq) ?? false;
    if (failure === false) return good;
    return { ...good, endMs: startMs + 1_000, ok: false, status: 0, error: 'timeout', ...failure };
  });
}

/** Fails every request that starts in [fromMs, toMs). */
export const between =
  (fromMs: number, toMs: number, how: Partial<RequestEvent> = {}) =>
  (startMs: number): Partial<RequestEvent> | false =>
    startMs >= fromMs && startMs < toMs && how;

/** A history in the order in which things ended, as a run records it. */
export function history(...parts: readonly (readonly HistoryEvent[])[]): HistoryEvent[] {
  const at = (event: HistoryEvent): number => ('atMs' in event ? event.atMs : event.endMs);
  return parts.flat().sort((a, b) => at(a) - at(b));
}

export function write(key: string, startMs: number, given: Partial<OpEvent> = {}): OpEvent {
  const base = {
    kind: 'op',
    client: 'c1',
    target: 'api-ha',
    action: 'write',
    key,
    value: `id-${key}`,
    startMs,
  } as const;
  return { ...base, endMs: startMs + 5, outcome: 'ok', ...given };
}

/** A final read, at 25 s. */
export function read(key: string, given: Partial<OpEvent> = {}): OpEvent {
  return write(key, 25_000, { action: 'read', client: 'reader', ...given });
}

export function state(
  object: string,
  name: string,
  atMs: number,
  value: Json,
  given: Partial<Pick<StateEvent, 'change' | 'uid' | 'namespace'>> = {},
): StateEvent {
  return {
    kind: 'state',
    atMs,
    change: 'modified',
    object,
    namespace: 'shop',
    name,
    uid: `${object}-${name}`,
    value,
    ...given,
  };
}

export function node(
  name: string,
  zone: string,
  atMs: number,
  given: { readonly [key: string]: Json } = {},
): StateEvent {
  const value = { zone, ready: 'True', reason: 'KubeletReady', taints: [], unschedulable: false, labels: {}, ...given };
  return state('Node', name, atMs, value, { namespace: '' });
}

export function pod(
  name: string,
  on: string | null,
  atMs: number,
  given: { readonly [key: string]: Json } = {},
  change: StateEvent['change'] = 'modified',
): StateEvent {
  const value = {
    node: on,
    phase: 'Running',
    ready: true,
    labels: { app: 'web' },
    ownerKind: 'ReplicaSet',
    ownerName: 'web-1',
    deletionTimestamp: null,
    disruption: null,
    restarts: 0,
    ...given,
  };
  return state('Pod', name, atMs, value, { change });
}

const webSelector = { matchLabels: { app: 'web' }, matchExpressions: [] };

export function budget(
  name: string,
  desired: number,
  atMs: number,
  given: { readonly [key: string]: Json } = {},
): StateEvent {
  const value = {
    selector: webSelector,
    minAvailable: desired,
    maxUnavailable: null,
    disruptionsAllowed: 1,
    currentHealthy: desired + 1,
    desiredHealthy: desired,
    expectedPods: desired + 1,
    ...given,
  };
  return state('PodDisruptionBudget', name, atMs, value);
}

export function deployment(
  name: string,
  replicas: number,
  atMs: number,
  constraint: { readonly [key: string]: Json } | null = {},
): StateEvent {
  const zoneConstraint = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    selector: webSelector,
    minDomains: null,
    nodeAffinityPolicy: 'Honor',
    nodeTaintsPolicy: 'Ignore',
    matchLabelKeys: [],
  };
  const topologySpreadConstraints = constraint === null ? [] : [{ ...zoneConstraint, ...constraint }];
  const value = { replicas, ready: replicas, updated: replicas, selector: webSelector, topologySpreadConstraints };
  return state('Deployment', name, atMs, value);
}

export function statefulSet(name: string, replicas: number, atMs: number, ready = replicas): StateEvent {
  const value = { replicas, ready, updated: replicas, selector: null, topologySpreadConstraints: [] };
  return state('StatefulSet', name, atMs, value);
}

export function service(name: string, atMs: number, given: { readonly [key: string]: Json } = {}): StateEvent {
  return state('Service', name, atMs, { selector: { app: name }, publishNotReady: false, ...given });
}

/** A slice of the service `web` that names ready pods, by the uids that `pod` gives them. */
export function slice(
  name: string,
  atMs: number,
  pods: readonly (string | { readonly pod: string; readonly [key: string]: Json })[],
  change: StateEvent['change'] = 'modified',
): StateEvent {
  const endpoints = pods.map((one) => {
    const given = typeof one === 'string' ? { pod: one } : one;
    const uid = `Pod-${given.pod}`;
    return { uid, node: null, zone: null, ready: true, serving: true, terminating: false, ...given };
  });
  return state('EndpointSlice', name, atMs, { service: 'web', endpoints }, { change });
}

/** The probe of the alerts says whose they are. */
export function alertsWatched(service = 'monitoring/prometheus:9090'): SampleEvent {
  return { kind: 'sample', probe: alertProbe, atMs: 0, value: { service } };
}

/** A firing alert `TargetDown{pod="NAME"}`, looked at every 2 s; its cause came about at the last look before it was seen. */
export function alert(
  name: string,
  atMs: number,
  change: StateEvent['change'] = 'added',
  given: { readonly [key: string]: Json } = {},
): StateEvent {
  const lastLookMs = atMs - 2_000;
  const value = { labels: { alertname: 'TargetDown', pod: name }, activeMs: lastLookMs, lastLookMs, ...given };
  return { ...state('Alert', 'TargetDown', atMs, value, { change, namespace: '' }), uid: `TargetDown{pod="${name}"}` };
}

/** A blind time of the recorder. */
export function recorderGap(kind: string, startMs: number, endMs: number): GapEvent {
  return { kind: 'gap', probe: `recorder/${kind}`, startMs, endMs, because: 'the watch broke' };
}
