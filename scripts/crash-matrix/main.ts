// `npm run crash-matrix`: kills the runner at every step of every fault and looks for what is left.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { root, runsDirectory } from '../../harness/util/paths.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import type { Fault } from '../../harness/model/fault.ts';
import { named } from '../../harness/run/index.ts';
import { stopOnSignals } from '../../harness/util/stop-on-signals.ts';
import { wholeNumber } from '../whole-number.ts';
import { withClusters } from '../with-clusters.ts';
import { crashSteps, type CrashStep } from './crash.ts';
import { runMatrix, sentenceOf } from './matrix.ts';
import type { TrialResult } from './run-trial.ts';
import { rowsOf, tableOf, totalOf } from './summary.ts';
import { trialsOf, type Trial } from './trials.ts';
import { runMain } from '../run-main.ts';

const help = `Usage: npm run crash-matrix -- [options]

Kills the runner (SIGKILL) at every step of every fault; then the leash alone, or heal, must bring everything back.

  --faults a,b     only these; by default every fault that needs no longer than 5 s
  --steps a,b      only these of ${crashSteps.join(', ')}
  --trials N       so many of each fault, the steps in turn (20)
  --seed S         other targets and moments (1)
  --cluster NAME   on this cluster, which is up; by default one is booted and removed
  --clusters N     so many clusters side by side, which share the trials (1)
  --config FILE    what to boot (kind-configs/three-zones.yaml)

Exit code: 0 when nothing was left, 1 when something was, 2 when no runner was killed, 3 when it could not be tried.
`;

/** Longer faults are asked for by name. */
const quickMs = 5_000;

function flagsOf(argv: readonly string[]): { readonly [name: string]: string | boolean | undefined } {
  const text = { type: 'string' } as const;
  const options = { faults: text, steps: text, trials: text, seed: text, cluster: text, clusters: text, config: text };
  try {
    return parseArgs({ args: [...argv], options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new HarnessError('bad-input', `crash-matrix: ${messageOf(error)}`, {
      hint: 'npm run crash-matrix -- --help',
    });
  }
}

const listOf = (value: string | boolean | undefined): readonly string[] | null =>
  typeof value === 'string' ? value.split(',').filter((name) => name !== '') : null;

function faultsOf(names: readonly string[] | null): readonly Fault[] {
  if (names === null) return catalogue.faults.filter(({ minimumHoldMs }) => minimumHoldMs <= quickMs);
  return names.map((name) => named('fault', name, catalogue.faults));
}

function stepsOf(names: readonly string[] | null): readonly CrashStep[] {
  const known = crashSteps.map((name) => ({ name }));
  return names?.map((name) => named('step', name, known).name) ?? crashSteps;
}

async function main(): Promise<number> {
  const flags = flagsOf(process.argv.slice(2));
  if (flags['help'] === true) {
    process.stdout.write(help);
    return 0;
  }
  const faults = faultsOf(listOf(flags['faults']));
  const steps = stepsOf(listOf(flags['steps']));
  const count = wholeNumber(flags['trials'], 20, '--trials');
  const seed = wholeNumber(flags['seed'], 1, '--seed');
  // One fault after the other in turn, so that a matrix that is stopped early has tried all of them.
  const each = faults.map((fault) => trialsOf(fault, count, seed, steps));
  const trials = Array.from({ length: count }, (_, n) => each.flatMap((of) => of.slice(n, n + 1))).flat();
  using stop = stopOnSignals((line) => {
    console.log(line);
  });
  const given = typeof flags['cluster'] === 'string' ? flags['cluster'] : null;
  const config = typeof flags['config'] === 'string' ? flags['config'] : join(root, 'kind-configs/three-zones.yaml');
  const wanted = { given, count: wholeNumber(flags['clusters'], 1, '--clusters'), prefix: 'crash', config };
  return await withClusters(wanted, stop.signal, (clusters) => shareOut(trials, clusters, stop.signal));
}

/** Deals the trials out to the clusters, in turn. @returns the exit code */
async function shareOut(trials: readonly Trial[], clusters: readonly Cluster[], signal: AbortSignal): Promise<number> {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+Z/g, '');
  const directory = join(runsDirectory(), 'crash-matrix', stamp);
  const file = join(directory, 'crash-matrix.json');
  console.log(
    `${clusters.map(({ facts }) => facts.name).join(', ')}: ${String(trials.length)} trials; evidence: ${directory}`,
  );
  const say = (line: string): void => {
    console.log(line);
  };
  const results: TrialResult[] = [];
  const record = (result: TrialResult): void => {
    results.push(result);
    say(`${String(results.length)}/${String(trials.length)} ${sentenceOf(result)}`);
    writeFileSync(file, JSON.stringify(results, null, 1));
  };
  await Promise.all(
    clusters.map((cluster, at) => {
      const mine = trials.filter((_, index) => index % clusters.length === at);
      return runMatrix({ cluster, catalogue, trials: mine, directory, record, signal, say });
    }),
  );
  say(`\n${tableOf(rowsOf(results))}\n\n${totalOf(results)}\n${file}`);
  if (results.some(({ residue }) => residue.length > 0)) return 1;
  return results.some(({ notKilled }) => notKilled === null) ? 0 : 2;
}

await runMain(main);
