import { markdownTable } from 'markdown-table';

import type { RunReport } from '../../harness/model/report.ts';
import type { Verdict } from '../../harness/model/verdict.ts';

/** What one judge said of all quiet runs. */
export interface Judged {
  readonly promise: string;
  readonly counts: Readonly<Record<Verdict['status'], number>>;
  /** Why it was not held: each reason once, with the run. */
  readonly reasons: readonly string[];
}

type Judging = Pick<RunReport, 'id' | 'guarantees'>;

/** One entry for each promise, over all runs. */
export function tallyOf(reports: readonly Judging[]): readonly Judged[] {
  const promises = [...new Set(reports.flatMap(({ guarantees }) => guarantees.map(({ promise }) => promise)))];
  return promises.map((promise) => {
    const counts = { held: 0, violated: 0, unknown: 0 };
    const reasons: string[] = [];
    for (const { id, guarantees } of reports) {
      const verdict = guarantees.find((judged) => judged.promise === promise)?.verdict;
      if (verdict === undefined) continue;
      counts[verdict.status] += 1;
      if (verdict.status !== 'held') reasons.push(`${verdict.status}, ${id}: ${verdict.because}`);
    }
    return { promise, counts, reasons };
  });
}

/** True when a judge accused a system that nobody had touched. */
export const falseAlarm = (tally: readonly Judged[]): boolean => tally.some(({ counts }) => counts.violated > 0);

export const tableOf = (tally: readonly Judged[]): string =>
  markdownTable(
    [
      ['promise', 'violated', 'unknown', 'held'],
      ...tally.map(({ promise, counts }) => [promise, ...[counts.violated, counts.unknown, counts.held].map(String)]),
    ],
    { align: ['l', 'r', 'r', 'r'] },
  );
