import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { Stage, Status, type TestResult } from 'allure-js-commons';
import { createTestResult, FileSystemWriter, md5 } from 'allure-js-commons/sdk/reporter';

import type { Reporter, RunReport } from '../harness/model/report.ts';
import { casesOf, type Case } from './cases.ts';
import { printable } from './wording.ts';

const folder = 'allure-results';
const statuses: Readonly<Record<Case['status'], Status>> = {
  passed: Status.PASSED,
  failed: Status.FAILED,
  broken: Status.BROKEN,
  skipped: Status.SKIPPED,
};

/** A UUID that the text alone decides: a run that is reported again gives the same files. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

function resultOf(report: RunReport, one: Case): TestResult {
  const { scenario, id, startedAt, durationMs, seed } = report;
  const fullName = `${scenario.name}: ${one.name}`;
  const start = Date.parse(startedAt);
  const label = (name: string, value: string) => ({ name, value: printable(value) });
  return {
    ...createTestResult(uuidOf(`${id} ${fullName}`), fullName),
    // By these Allure knows the same promise in other runs.
    historyId: md5(fullName),
    testCaseId: md5(fullName),
    fullName: printable(fullName),
    name: printable(one.name),
    status: statuses[one.status],
    stage: Stage.FINISHED,
    statusDetails: one.message === '' ? {} : { message: printable(one.message), trace: printable(one.body) },
    description: printable(one.body),
    start,
    stop: start + Math.round(durationMs),
    labels: [
      label('framework', 'shakedown'),
      label('suite', scenario.name),
      ...scenario.faults.map(({ fault }) => label('tag', fault)),
    ],
    // The seed is what a run was made with, not what it is: another one is the same test.
    parameters: [{ name: 'seed', value: String(seed), excluded: true }],
  };
}

/** What Allure reads: one result for each case. */
export const formatAllure = (report: RunReport): readonly TestResult[] =>
  casesOf(report).map((one) => resultOf(report, one));

/** allure-results/, for `allure generate` and for dashboards that read what it reads. */
export const allure: Reporter = {
  name: 'allure',
  write: async (report, _history, directory) => {
    const resultsDir = join(directory, folder);
    await mkdir(resultsDir, { recursive: true });
    const writer = new FileSystemWriter({ resultsDir });
    const results = formatAllure(report);
    for (const result of results) writer.writeResult(result);
    writer.writeEnvironmentInfo({
      run: report.id,
      replay: report.replay,
      version: report.version,
      commit: report.commit,
      kubernetes: report.cluster?.kubernetesVersion ?? 'none',
    });
    return [resultsDir];
  },
};
