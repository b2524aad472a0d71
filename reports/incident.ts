import type { Json } from '../harness/model/json.ts';

type Fields = { readonly [key: string]: Json };

/** One outage as an incident is told of: when it was noticed, answered, over, and proved to be over. */
export interface Incident {
  /** When it began, and when the service was good again for good; null for what did not happen. */
  readonly failedMs: number | null;
  readonly goodMs: number | null;
  /** From the first failure until the cluster noticed: a node not Ready, or an endpoint withdrawn. */
  readonly detectionMs: number | null;
  /** From there until it acted: the first endpoint withdrawn, or a pod in its place given a node. */
  readonly decisionMs: number | null;
  /** From there until the service was good again for good. */
  readonly recoveryMs: number | null;
  /** From there until no request failed any more and every service had its endpoints back. */
  readonly verificationMs: number | null;
  /** The share of the requests since the injection that were served, of all paths together. */
  readonly servedPercent: number | null;
  /** The sum of the outages of the path that was out for longest. */
  readonly outMs: { readonly lower: number; readonly upper: number };
}

/** What the details of an `rto` verdict tell; null when there are none. What did not happen, or only later, took no time of its own: null. */
export function incidentOf(details: Json | undefined): Incident | null {
  if (!isFields(details)) return null;
  const paths = listOf(details['paths']);
  const times = new Map<string, number[]>();
  for (const { name, atMs } of listOf(details['phases']))
    if (typeof name === 'string' && typeof atMs === 'number') times.set(name, [...(times.get(name) ?? []), atMs]);
  return { ...stages(times), servedPercent: servedOf(paths), outMs: outOf(paths) };
}

type Stages = Omit<Incident, 'servedPercent' | 'outMs'>;

function stages(times: ReadonlyMap<string, readonly number[]>): Stages {
  const first = (sinceMs: number, untilMs: number, ...names: readonly string[]): number | null => {
    const found = names.flatMap((name) => times.get(name) ?? []).filter((ms) => ms >= sinceMs && ms <= untilMs);
    return found.length === 0 ? null : Math.min(...found);
  };
  const failed = first(-Infinity, Infinity, 'first failure');
  if (failed === null)
    return {
      failedMs: null,
      goodMs: null,
      detectionMs: null,
      decisionMs: null,
      recoveryMs: null,
      verificationMs: null,
    };
  const good = first(failed, Infinity, 'sustained good');
  const goodBy = good ?? Infinity;
  const noticed = first(failed, goodBy, 'noticed', 'withdrawn', 'last withdrawn');
  const decided = noticed === null ? null : first(noticed, goodBy, 'withdrawn', 'last withdrawn', 'scheduled');
  const proofs = ['clean', 'full redundancy'].flatMap((name) => times.get(name) ?? []);
  return {
    failedMs: failed,
    goodMs: good,
    detectionMs: noticed === null ? null : noticed - failed,
    decisionMs: noticed === null || decided === null ? null : decided - noticed,
    recoveryMs: good === null ? null : good - (decided ?? noticed ?? failed),
    verificationMs: good === null || !times.has('clean') ? null : Math.max(0, Math.max(...proofs) - good),
  };
}

function servedOf(paths: readonly Fields[]): number | null {
  const sum = (key: string): number => paths.reduce((total, path) => total + numberOf(path[key]), 0);
  const samples = sum('samples');
  return samples === 0 ? null : Math.floor((1 - sum('notServed') / samples) * 100_000) / 1_000;
}

function outOf(paths: readonly Fields[]): Incident['outMs'] {
  const out = paths.map((path) => {
    const outages = listOf(path['outages']);
    return {
      lower: outages.reduce((total, { lowerMs }) => total + numberOf(lowerMs), 0),
      upper: outages.reduce((total, { upperMs }) => total + (upperMs === null ? Infinity : numberOf(upperMs)), 0),
    };
  });
  return { lower: Math.max(0, ...out.map(({ lower }) => lower)), upper: Math.max(0, ...out.map(({ upper }) => upper)) };
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): readonly Fields[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isFields) : [];
const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
