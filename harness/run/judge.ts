import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { HarnessError } from '../model/errors.ts';
import type { Guarantee } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import { reportSchema, type JudgedGuarantee, type RunReport } from '../model/report.ts';
import type { Scenario } from '../model/scenario.ts';
import { named, type Catalogue } from './catalogue.ts';
import { conclude } from './conclude.ts';
import { readHistory } from './history-file.ts';

/** Puts every promise of a scenario before its judge. Pure: the same history gives the same verdicts. */
export function judgeHistory(
  scenario: Pick<Scenario, 'guarantees'>,
  history: History,
  guarantees: readonly Guarantee[],
): readonly JudgedGuarantee[] {
  return scenario.guarantees.map((spec) => {
    const guarantee = named('guarantee', spec.guarantee, guarantees);
    const params = guarantee.params(spec.params);
    return { spec, promise: guarantee.promise(params), verdict: guarantee.judge(history, params) };
  });
}

/**
 * The report of a stored run. Its schema is checked.
 * @throws HarnessError `history` when the file is missing, damaged or of another version
 */
export function readReport(directory: string): RunReport {
  const file = join(directory, 'run.json');
  if (!existsSync(file)) {
    throw new HarnessError('history', `${file}: expected the report of a run, found no such file`, {
      hint: 'shakedown list --runs',
    });
  }
  let report: RunReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as RunReport;
  } catch (cause) {
    throw new HarnessError('history', `${file}: expected JSON, found something else`, { cause });
  }
  const found: unknown = report.schema;
  if (found !== reportSchema) {
    throw new HarnessError(
      'history',
      `${file}, field schema: expected ${String(reportSchema)}, found ${found === undefined ? 'nothing' : JSON.stringify(found)}; this version cannot read that report`,
    );
  }
  return report;
}

/**
 * Judges a stored run again, without a cluster.
 * @param promising makes of the scenario the one whose promises are judged; by default its own
 * @returns its report with the verdicts of this version
 */
export function judgeRun(
  directory: string,
  catalogue: Catalogue,
  promising: (scenario: Scenario) => Scenario = (scenario) => scenario,
): RunReport {
  const found = readReport(directory);
  const stored = { ...found, scenario: promising(found.scenario) };
  const guarantees = judgeHistory(stored.scenario, readHistory(directory), catalogue.guarantees);
  // What stopped a run is not in its history: it is kept as the run itself concluded.
  const failed = stored.phases.find((phase) => phase.error !== undefined);
  const stopped = failed ? { outcome: stored.outcome, because: stored.because } : null;
  const wanted = stored.scenario.faults.length;
  return { ...stored, guarantees, ...conclude({ ...stored, guarantees, wanted, stopped }) };
}
