import { isDeepStrictEqual } from 'node:util';

import type { RunReport } from '../../harness/model/report.ts';
import type { Finding } from '../../suites/sabotage/planted/planted.ts';
import type { Plant } from './plants.ts';

/** A plant, the stored run that shows what became of it, and what that run does not show. */
export interface Evidence {
  readonly plant: Plant;
  readonly report: RunReport;
  readonly complaints: readonly string[];
}

const isClean = ({ commit }: RunReport): boolean => !commit.endsWith('-dirty') && commit !== 'unknown';

/**
 * Of the runs of a plant as it is today, the newest of a commit; the newest of a changed tree when there is none. A run
 * that did not find what was planted is not passed over for an older one that did.
 */
export function evidenceOf(plant: Plant, reports: readonly RunReport[]): Evidence | null {
  const { scenario } = plant.planted;
  const runs = reports.filter((report) => isDeepStrictEqual(asStored(report.scenario), asStored(scenario)));
  const newest = (list: readonly RunReport[]): RunReport | undefined =>
    list.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1);
  const report = newest(runs.filter(isClean)) ?? newest(runs);
  return report === undefined ? null : { plant, report, complaints: complaintsOf(plant, report) };
}

/** What was never said is not told from what was said to be undefined. */
const asStored = (value: object): unknown => JSON.parse(JSON.stringify(value));

function complaintsOf({ planted }: Plant, report: RunReport): readonly string[] {
  const { id, outcome, because, commit, faults } = report;
  const wanted = planted.scenario.faults.length;
  const ends = planted.ends ?? planted.outcome;
  // A run that stops before its first fault is a finding of its own.
  const cut = planted.findings.length === 0 && faults.length < wanted;
  return [
    ...(isClean(report) ? [] : [`${id} is of a tree with changes (${commit})`]),
    ...(outcome === ends ? [] : [`${id} ended as ${outcome}, not ${ends}: ${because}`]),
    ...(cut ? [`${id} injected only ${String(faults.length)} of ${String(wanted)} faults`] : []),
    ...planted.findings.flatMap((finding, index) =>
      sentenceOf(planted.outcome, finding, report, index) === null
        ? [`${id} does not find ${finding.promise.guarantee} ${planted.outcome} for what was planted`]
        : [],
    ),
  ];
}

/** What the run says of the finding; null when it is not what was to be found. */
export function sentenceOf(
  outcome: Plant['planted']['outcome'],
  { sentence }: Finding,
  { guarantees }: RunReport,
  index: number,
): string | null {
  const verdict = guarantees[index]?.verdict;
  if (verdict?.status !== outcome) return null;
  return sentence.test(verdict.because) ? verdict.because : null;
}
