import exported, { type Builder, type TestCase, type TestSuite } from 'junit-report-builder';

import type { Reporter, RunReport } from '../harness/model/report.ts';
import { casesOf, type Case } from './cases.ts';
import { printable } from './wording.ts';
import { writeReport } from './write.ts';

// The package's types speak of a `default` that its CommonJS build, which Node loads, does not have.
const builder = exported as unknown as Builder;

/** The builder knows no message for a skipped case, but the message is the obstacle, and the reason must be seen. */
function skip(testCase: TestCase, because: string): void {
  const build = testCase.build.bind(testCase);
  Object.assign(testCase, {
    getSkippedCount: () => 1,
    build: (parent: Parameters<typeof build>[0]) => {
      const element = build(parent);
      element.ele('skipped', { message: printable(because) });
      return element;
    },
  });
}

function fill(testCase: TestCase, { status, type, message, body }: Case): void {
  switch (status) {
    case 'passed':
      testCase.standardOutput(printable(body));
      break;
    case 'failed':
      testCase.failure(printable(message), type).stacktrace(printable(body));
      break;
    case 'broken':
      testCase.error(printable(message), type, printable(body));
      break;
    case 'skipped':
      skip(testCase, message);
  }
}

function addProperties(suite: TestSuite, report: RunReport): void {
  const properties = {
    run: report.id,
    outcome: report.outcome,
    because: report.because,
    seed: String(report.seed),
    replay: report.replay,
    version: report.version,
    commit: report.commit,
    kubernetes: report.cluster?.kubernetesVersion ?? 'none',
    provider: report.cluster?.provider ?? report.scenario.cluster.provider,
  };
  for (const [name, value] of Object.entries(properties)) suite.property(name, printable(value));
}

/** The text of junit.xml: a suite for the scenario, a case for each promise, each proof of a fault, and the clean return. */
export function formatJunit(report: RunReport): string {
  const xml: Builder = builder.newBuilder();
  const suite = xml
    .testSuite()
    .name(report.scenario.name)
    .timestamp(report.startedAt)
    .time(report.durationMs / 1_000);
  addProperties(suite, report);
  for (const one of casesOf(report)) {
    const testCase = suite.testCase().className(`shakedown.${report.scenario.name}`).name(printable(one.name)).time(0);
    fill(testCase, one);
  }
  return xml.build();
}

/** junit.xml, for CI dashboards. */
export const junit: Reporter = {
  name: 'junit',
  write: async (report, _history, directory) => [await writeReport(directory, 'junit.xml', formatJunit(report))],
};
