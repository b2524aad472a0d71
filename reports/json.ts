import type { Reporter, RunReport } from '../harness/model/report.ts';
import { writeReport } from './write.ts';

/** What a reader looks for first stands first; a field that is missing here does not compile. */
const order = {
  schema: 0,
  id: 1,
  outcome: 2,
  because: 3,
  replay: 4,
  seed: 5,
  version: 6,
  commit: 7,
  labels: 8,
  startedAt: 9,
  durationMs: 10,
  left: 11,
  guarantees: 12,
  faults: 13,
  fingerprint: 14,
  phases: 15,
  settings: 16,
  cluster: 17,
  scenario: 18,
} as const satisfies Record<keyof RunReport, number>;

/** The same value with the keys of every object in alphabetical order, so that two runs differ only where they differ. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** The text of run.json. */
export function formatRun(report: RunReport): string {
  const rank = (key: string): number => (key in order ? order[key as keyof RunReport] : Infinity);
  const entries = Object.entries(report).sort(([left], [right]) => rank(left) - rank(right));
  return `${JSON.stringify(Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)])), null, 2)}\n`;
}

/** run.json: the RunReport itself. */
export const json: Reporter = {
  name: 'json',
  write: async (report, _history, directory) => [await writeReport(directory, 'run.json', formatRun(report))],
};
