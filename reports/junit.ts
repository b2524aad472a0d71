import exported, { type Builder, type TestCase, type TestSuite } from 'junit-report-builder';

import type { FaultRecord, JudgedGuarantee, Reporter, RunReport } from '../harness/model/report.ts';
import { count, formatInterval, formatValue, labelOf, printable } from './wording.ts';
import { writeReport } from './write.ts';

// The package's types speak of a `default` that its CommonJS build, which Node loads, does not have.
const builder = exported as unknown as Builder;

type AddCase = (name: string) => TestCase;

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

function error(testCase: TestCase, type: string, message: string, body = ''): void {
  testCase.error(printable(message), type, printable(body));
}

function judge(testCase: TestCase, { promise, verdict }: JudgedGuarantee): void {
  if (verdict.status === 'held') {
    testCase.standardOutput(printable(`${promise}\n${verdict.measured}`));
  } else if (verdict.status === 'violated') {
    const figures = verdict.figures.map((figure) => {
      const limit = figure.limit === undefined ? '' : `, limit ${formatValue(figure.limit, figure.unit)}`;
      return `${figure.name}: ${formatInterval(figure)}${limit}`;
    });
    const evidence = verdict.evidence.map((event) => JSON.stringify(event));
    const body = [promise, verdict.measured, ...figures, '', 'evidence:', ...evidence].join('\n');
    testCase.failure(printable(verdict.because), 'violated').stacktrace(printable(body));
  } else {
    error(testCase, 'unknown', verdict.because, [promise, verdict.measured ?? 'nothing was measured'].join('\n'));
  }
}

function addFault(add: AddCase, fault: FaultRecord): void {
  const felt = add(`fault felt: ${fault.step}`);
  if (fault.active.proved) felt.standardOutput(printable(fault.active.evidence));
  else error(felt, 'unknown', fault.active.evidence);
  const healed = add(`healed: ${fault.step}`);
  if (fault.gone.proved) healed.standardOutput(printable(fault.gone.evidence));
  else error(healed, 'fault-not-gone', fault.gone.evidence);
}

function addCleanReturn(add: AddCase, { fingerprint, left }: RunReport): void {
  const clean = add('clean return (fingerprint)');
  const remains = [...fingerprint.differences, ...left];
  if (remains.length > 0) {
    const body = remains.join('\n');
    clean.failure(`${count(remains.length, 'difference')} to what was there before the run`, 'not-clean');
    clean.stacktrace(printable(body));
  } else if (fingerprint.compared.length === 0) {
    error(clean, 'unknown', 'nothing was compared before and after the run');
  } else {
    clean.standardOutput(printable(`equal before and after: ${fingerprint.compared.join(', ')}`));
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

/** A run that ended early judged nothing: its promises are named all the same, so that none vanishes from a dashboard. */
function addUnjudged(add: AddCase, report: RunReport): void {
  const names = report.guarantees.length > 0 ? report.guarantees.map(({ spec }) => spec) : report.scenario.guarantees;
  for (const spec of names) {
    const testCase = add(labelOf(spec));
    if (report.outcome === 'skipped') skip(testCase, report.because);
    else error(testCase, 'unknown', 'not judged', report.because);
  }
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
  const taken = new Map<string, number>();
  const add: AddCase = (name) => {
    const earlier = taken.get(name) ?? 0;
    taken.set(name, earlier + 1);
    const unique = earlier === 0 ? name : `${name} #${String(earlier + 1)}`;
    return suite.testCase().className(`shakedown.${report.scenario.name}`).name(printable(unique)).time(0);
  };

  if (report.outcome === 'skipped' || report.guarantees.length === 0) addUnjudged(add, report);
  else for (const judged of report.guarantees) judge(add(labelOf(judged.spec)), judged);
  if (report.outcome === 'skipped') return xml.build();
  for (const fault of report.faults) addFault(add, fault);
  addCleanReturn(add, report);
  if (report.outcome === 'harness-error') {
    const phases = report.phases.flatMap(({ name, error: text }) => (text === undefined ? [] : [`${name}: ${text}`]));
    error(add('the run itself'), 'harness-error', report.because, phases.join('\n'));
  }
  return xml.build();
}

/** junit.xml, for CI dashboards. */
export const junit: Reporter = {
  name: 'junit',
  write: async (report, _history, directory) => [await writeReport(directory, 'junit.xml', formatJunit(report))],
};
