import { identitiesOf } from '../harness/model/identity.ts';
import type { FaultRecord, JudgedGuarantee, RunReport } from '../harness/model/report.ts';
import { count, formatInterval, formatValue, labelOf } from './wording.ts';

/** One thing that a run proved or did not, as test dashboards count. */
export interface Case {
  /** The same in every run of the scenario, whatever is allowed or measured: dashboards follow it through the years. */
  readonly name: string;
  /** `broken` is neither: what was to be known is not known, or the harness failed. */
  readonly status: 'passed' | 'failed' | 'broken' | 'skipped';
  /** `violated`, `unknown` ... ; empty where it passed. */
  readonly type: string;
  /** The sentence; empty where it passed. */
  readonly message: string;
  /** The promise with its parameters, what was measured, and the evidence. */
  readonly body: string;
}

const lines = (...parts: readonly string[]): string => parts.join('\n');

function judged(name: string, { spec, promise, verdict }: JudgedGuarantee): Case {
  const asked = labelOf(spec);
  if (verdict.status === 'held')
    return { name, status: 'passed', type: '', message: '', body: lines(asked, promise, verdict.measured) };
  if (verdict.status === 'unknown') {
    const body = lines(asked, promise, verdict.measured ?? 'nothing was measured');
    return { name, status: 'broken', type: 'unknown', message: verdict.because, body };
  }
  const figures = verdict.figures.map((figure) => {
    const limit = figure.limit === undefined ? '' : `, limit ${formatValue(figure.limit, figure.unit)}`;
    return `${figure.name}: ${formatInterval(figure)}${limit}`;
  });
  const evidence = verdict.evidence.map((event) => JSON.stringify(event));
  const body = lines(asked, promise, verdict.measured, ...figures, '', 'evidence:', ...evidence);
  return { name, status: 'failed', type: 'violated', message: verdict.because, body };
}

function proof(name: string, { proved, evidence }: FaultRecord['active'], type: string): Case {
  if (proved) return { name, status: 'passed', type: '', message: '', body: evidence };
  return { name, status: 'broken', type, message: evidence, body: '' };
}

function cleanReturn({ fingerprint, left }: RunReport): Case {
  const name = 'clean return (fingerprint)';
  const remains = [...fingerprint.differences, ...left];
  if (remains.length > 0) {
    const message = `${count(remains.length, 'difference')} to what was there before the run`;
    return { name, status: 'failed', type: 'not-clean', message, body: remains.join('\n') };
  }
  if (fingerprint.compared.length === 0) {
    const message = 'nothing was compared before and after the run';
    return { name, status: 'broken', type: 'unknown', message, body: '' };
  }
  const body = `equal before and after: ${fingerprint.compared.join(', ')}`;
  return { name, status: 'passed', type: '', message: '', body };
}

/** A run that ended early judged nothing: its promises are named all the same, so that none vanishes from a dashboard. */
function unjudged(report: RunReport): readonly Case[] {
  const specs = report.guarantees.length > 0 ? report.guarantees.map(({ spec }) => spec) : report.scenario.guarantees;
  const { outcome, because } = report;
  return identitiesOf(specs).map((name): Case =>
    outcome === 'skipped'
      ? { name, status: 'skipped', type: 'skipped', message: because, body: '' }
      : { name, status: 'broken', type: 'unknown', message: 'not judged', body: because },
  );
}

/** A case for each promise, each proof of a fault, the clean return, and for the run itself where the harness failed. */
export function casesOf(report: RunReport): readonly Case[] {
  const { guarantees, faults, outcome, phases } = report;
  if (outcome === 'skipped') return unjudged(report);
  const names = identitiesOf(guarantees.map(({ spec }) => spec));
  const promises =
    guarantees.length === 0 ? unjudged(report) : guarantees.map((one, at) => judged(names[at] ?? '', one));
  const proofs = faults.flatMap(({ step, active, gone }) => [
    proof(`fault felt: ${step}`, active, 'unknown'),
    proof(`healed: ${step}`, gone, 'fault-not-gone'),
  ]);
  const failed = phases.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`]));
  const itself: Case = {
    name: 'the run itself',
    status: 'broken',
    type: 'harness-error',
    message: report.because,
    body: failed.join('\n'),
  };
  return [...promises, ...proofs, cleanReturn(report), ...(outcome === 'harness-error' ? [itself] : [])];
}
