import type { StoredReport } from './report-file.ts';

/** What the scenario itself decides the time of says nothing of how the system varies. */
const ofScenario: ReadonlySet<string> = new Set(['injecting', 'injected', 'healing', 'healed', 'gone']);

export interface IncidentPhase {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * How long it took from the injection to each step of the incident: `injection to noticed`. Of a step that came more than once, the
 * first; of several promises that tell of steps, the one that tells of most.
 */
export function incidentPhases({ guarantees }: Pick<StoredReport, 'guarantees'>): readonly IncidentPhase[] {
  const told = guarantees.map(({ verdict }) => verdict.details).filter((details) => details !== undefined);
  const [most] = told.toSorted((a, b) => b.phases.length - a.phases.length);
  if (most === undefined) return [];
  const first = new Map<string, number>();
  for (const { name, atMs } of most.phases) if (!ofScenario.has(name) && !first.has(name)) first.set(name, atMs);
  return [...first].map(([name, endMs]) => ({ name: `injection to ${name}`, startMs: most.faultMs, endMs }));
}
