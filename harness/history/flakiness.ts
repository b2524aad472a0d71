import { mean, sampleStandardDeviation } from 'simple-statistics';

import { formatMs } from '../model/duration.ts';
import type { StoredRun } from './store.ts';

/** Of shorter phases the scheduler of the machine decides, not the system. */
const leastPhaseMs = 250;
/** Two runs have no spread to speak of. */
const leastRunsOfPhase = 3;

export interface PhaseSpread {
  readonly name: string;
  readonly runs: number;
  readonly meanMs: number;
  readonly deviationMs: number;
  /** The coefficient of variation: the standard deviation over the mean. */
  readonly variation: number;
}

export interface Flakiness {
  /** True when the same commit ended in different ways: nothing changed but the outcome. */
  readonly flaky: boolean;
  readonly phases: readonly PhaseSpread[];
  readonly sentence: string;
}

const outcomesOf = (runs: readonly StoredRun[]): string =>
  [...Map.groupBy(runs, ({ outcome }) => outcome)]
    .map(([outcome, some]) => `${String(some.length)} ${outcome}`)
    .sort()
    .join(', ');

/** Which phase of a scenario's runs varies, the one that varies most first. A phase that failed tells nothing of its length. */
function spreads(runs: readonly StoredRun[]): readonly PhaseSpread[] {
  const byName = Map.groupBy(
    runs.flatMap(({ phases }) => phases).filter(({ failed }) => !failed),
    ({ name }) => name,
  );
  return [...byName]
    .filter(([, phases]) => phases.length >= leastRunsOfPhase)
    .map(([name, phases]) => {
      const tookMs = phases.map((phase) => phase.tookMs);
      const [meanMs, deviationMs] = [mean(tookMs), sampleStandardDeviation(tookMs)];
      return { name, runs: tookMs.length, meanMs, deviationMs, variation: deviationMs / meanMs };
    })
    .filter(({ meanMs }) => meanMs >= leastPhaseMs)
    .sort((a, b) => b.variation - a.variation);
}

/** Whether a scenario is flaky, and which phase varies: runs of one scenario. A dirty tree is not the same code twice. */
export function flakinessOf(runs: readonly StoredRun[]): Flakiness {
  const judged = runs.filter(({ outcome }) => outcome !== 'skipped');
  const byCommit = [...Map.groupBy(judged, ({ commit }) => commit)].filter(([commit]) => !commit.endsWith('-dirty'));
  const mixed = byCommit.filter(([, some]) => new Set(some.map(({ outcome }) => outcome)).size > 1);
  const [newest] = mixed.slice(-1);
  const phases = spreads(judged);
  const [most] = phases;
  const what =
    newest === undefined
      ? `not known to be flaky: ${outcomesOf(judged) || 'no run'}, and no commit ended in different ways`
      : `flaky: commit ${newest[0]} ended in different ways (${outcomesOf(newest[1])})`;
  const varies =
    most === undefined
      ? ''
      : `; the phase that varies most is ${most.name}: ${formatMs(most.meanMs)} on average, standard deviation ${formatMs(most.deviationMs)} (${(100 * most.variation).toFixed(0)} %) over ${String(most.runs)} runs`;
  return { flaky: newest !== undefined, phases, sentence: `${what}${varies}` };
}
