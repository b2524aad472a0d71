import type { SpecOutcome } from './spec-stream.ts';

/** What became of every spec that was selected. */
export interface Results {
  readonly passed: readonly SpecOutcome[];
  readonly failed: readonly SpecOutcome[];
  /** Skipped by itself, cut off, or never reported as ended. */
  readonly notRun: readonly string[];
}

/** @param selected the names of all specs that should run */
export function resultsOf(selected: readonly string[], outcomes: readonly SpecOutcome[]): Results {
  const ended = outcomes.filter(({ outcome }) => outcome === 'passed' || outcome === 'failed');
  const names = new Set(ended.map(({ name }) => name));
  return {
    passed: ended.filter(({ outcome }) => outcome === 'passed'),
    failed: ended.filter(({ outcome }) => outcome === 'failed'),
    notRun: selected.filter((name) => !names.has(name)),
  };
}

/** `N passed, N failed, N not run`, after the names of those that did not pass. */
export function summaryOf({ passed, failed, notRun }: Results, namedAtMost = 20): string {
  const list = (title: string, names: readonly string[]): readonly string[] =>
    names.length === 0
      ? []
      : [
          `${title}:`,
          ...names.slice(0, namedAtMost).map((name) => `  ${name}`),
          ...(names.length > namedAtMost ? [`  and ${String(names.length - namedAtMost)} more`] : []),
        ];
  return [
    ...list(
      'Failed',
      failed.map(({ name, state }) => (state === 'FAILED' ? name : `${name} (${state})`)),
    ),
    ...list('Not run', notRun),
    `${String(passed.length)} passed, ${String(failed.length)} failed, ${String(notRun.length)} not run`,
  ].join('\n');
}

/** One line for each spec: outcome, seconds, name; sorted by name, for a comparison of two runs with diff. */
export function tableOf({ passed, failed, notRun }: Results): string {
  const rows = [
    ...[...passed, ...failed].map(
      ({ name, state, seconds }) => [name, state.toLowerCase(), seconds.toFixed(1)] as const,
    ),
    ...notRun.map((name) => [name, 'not run', '-'] as const),
  ];
  const sorted = rows.sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, outcome, seconds]) => `${outcome.padEnd(11)} ${seconds.padStart(7)}  ${name}\n`).join('');
}
