// `npm run crash-matrix`: kills the runner at every step of every fault and looks for what is left.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { root, runsDirectory } from '../../harness/util/paths.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import type { Fault } from '../../harness/model/fault.ts';
import { toMs } from '../../harness/model/duration.ts';
import { named } from '../../harness/run/index.ts';
import { harnessVersion } from '../../harness/run/version.ts';
import { stopOnSignals } from '../../harness/util/stop-on-signals.ts';
import { wholeNumber } from '../whole-number.ts';
import { withClusters } from '../with-clusters.ts';
import { crashSteps, type CrashStep } from './crash.ts';
import { appendLedger, entriesOf, lastOf, readLedger, type BatchFacts, type Entry } from './ledger.ts';
import { runMatrix, sentenceOf } from './matrix.ts';
import { page } from './page.ts';
import type { TrialResult } from './run-trials.ts';
import { rowsOf, tableOf, totalOf } from './summary.ts';
import { TrialQueue } from './trial-queue.ts';
import { isQuick, trialsOf, type Trial } from './trials.ts';
import { runMain } from '../run-main.ts';

const help = `Usage: npm run crash-matrix -- [options]

Kills the runner (SIGKILL) at every step of every fault; then the leash alone, or heal, must bring everything back.

  --faults a,b     only these; by default every fault that needs no longer than 5 s
  --steps a,b      only these of ${crashSteps.join(', ')}
  --trials N       so many of each fault, the steps in turn (20)
  --seed S         other targets and moments (1)
  --cluster NAME   on this cluster, which is up; by default one is booted and removed
  --clusters N     so many clusters side by side, which share the trials (1)
  --together N     so many runners in one process, which die of one kill, where no target of one is another's (1)
  --config FILE    what to boot (kind-configs/three-zones.yaml)
  --for TIME       begin no trial after so long, such as 3m
  --record         go on after the trials of docs/crash-matrix.ndjson, so that --trials is the sum of all sessions;
                   add what was tried to it, and write docs/crash-matrix.md anew

Exit code: 0 when nothing was left, 1 when something was, 2 when no runner was killed, 3 when it could not be tried.
`;

const ledgerFile = join(root, 'docs/crash-matrix.ndjson');
const pageFile = join(root, 'docs/crash-matrix.md');

type Flags = { readonly [name: string]: string | boolean | undefined };

function flagsOf(argv: readonly string[]): Flags {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { faults: text, steps: text, trials: text, seed: text, cluster: text, clusters: text, config: text };
  const more = { together: text, for: text, record: flag, help: flag };
  try {
    return parseArgs({ args: [...argv], options: { ...options, ...more } }).values;
  } catch (error) {
    throw new HarnessError('bad-input', `crash-matrix: ${messageOf(error)}`, {
      hint: 'npm run crash-matrix -- --help',
    });
  }
}

const listOf = (value: string | boolean | undefined): readonly string[] | null =>
  typeof value === 'string' ? value.split(',').filter((name) => name !== '') : null;

function faultsOf(names: readonly string[] | null): readonly Fault[] {
  if (names === null) return catalogue.faults.filter(isQuick);
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
  const record = flags['record'] === true;
  const given = typeof flags['cluster'] === 'string' ? flags['cluster'] : null;
  const config = typeof flags['config'] === 'string' ? flags['config'] : join(root, 'kind-configs/three-zones.yaml');
  const forMs = typeof flags['for'] === 'string' ? toMs(flags['for'], '--for') : Infinity;
  const wanted = { given, count: wholeNumber(flags['clusters'], 1, '--clusters'), prefix: 'crash', config };
  const trials = wantedTrials(flags, record ? readLedger(ledgerFile) : []);
  using stop = stopOnSignals((line) => {
    console.log(line);
  });
  const startMs = performance.now();
  const together = wholeNumber(flags['together'], 1, '--together');
  const batch = { at: new Date().toISOString(), seed: seedOf(flags), config: basename(config), together };
  const results: TrialResult[] = [];
  try {
    await withClusters(wanted, stop.signal, (clusters) => {
      const queue = new TrialQueue(trials, () => performance.now() - startMs > forMs);
      return shareOut({ queue, count: trials.length, together, clusters, results, signal: stop.signal });
    });
  } finally {
    // What was tried was tried, whatever ended it.
    if (record) await writeDown(results, batch);
  }
  if (results.some(({ residue }) => residue.length > 0)) return 1;
  return results.some(({ notKilled }) => notKilled === null) ? 0 : 2;
}

const seedOf = (flags: Flags): number => wholeNumber(flags['seed'], 1, '--seed');

/** The faults with the fewest trials first, then all in turn, so that a matrix that is stopped early has tried all of them. */
function wantedTrials(flags: Flags, entries: readonly Entry[]): readonly Trial[] {
  const steps = stepsOf(listOf(flags['steps']));
  if (flags['record'] === true && steps.length < crashSteps.length)
    throw new HarnessError(
      'bad-input',
      '--record: expected all steps, found --steps: its trials go through them in turn',
    );
  const count = wholeNumber(flags['trials'], 20, '--trials');
  return faultsOf(listOf(flags['faults']))
    .flatMap((fault) => trialsOf(fault, count, seedOf(flags), steps).slice(lastOf(entries, fault.name)))
    .toSorted((a, b) => a.number - b.number);
}

/** Adds the batch to the file, and makes the page of all of them. */
async function writeDown(results: readonly TrialResult[], batch: Omit<BatchFacts, 'load' | 'commit'>): Promise<void> {
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  appendLedger(ledgerFile, entriesOf(results, { ...batch, load, commit: (await harnessVersion()).commit }));
  writeFileSync(pageFile, page(readLedger(ledgerFile), catalogue.faults));
}

interface Sharing {
  readonly queue: TrialQueue;
  /** Of all trials in the queue. */
  readonly count: number;
  readonly together: number;
  readonly clusters: readonly Cluster[];
  /** Gets each result as it comes. */
  readonly results: TrialResult[];
  readonly signal: AbortSignal;
}

/** The clusters take the trials from one queue. */
async function shareOut({ queue, count, together, clusters, results, signal }: Sharing): Promise<void> {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+Z/g, '');
  const directory = join(runsDirectory(), 'crash-matrix', stamp);
  const file = join(directory, 'crash-matrix.json');
  console.log(`${clusters.map(({ facts }) => facts.name).join(', ')}: ${String(count)} trials; evidence: ${directory}`);
  const say = (line: string): void => {
    console.log(line);
  };
  const record = (result: TrialResult): void => {
    results.push(result);
    say(`${String(results.length)}/${String(count)} ${sentenceOf(result)}`);
    writeFileSync(file, JSON.stringify(results, null, 1));
  };
  await Promise.all(
    clusters.map((cluster) =>
      runMatrix({ cluster, catalogue, trials: queue, together, directory, record, signal, say }),
    ),
  );
  say(`\n${tableOf(rowsOf(results))}\n\n${totalOf(results)}\n${file}`);
}

await runMain(main);
