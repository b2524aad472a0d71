// `npm run quiet`: runs without a fault, in which no promise may be found violated.
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { catalogue } from '../harness/cli/catalogue.ts';
import { root, runsDirectory } from '../harness/util/paths.ts';
import {
  apiRto,
  appendOrder,
  blastRadius,
  capacityRto,
  cleanReturn,
  endpointsConverge,
  errorBudget,
  latencyUnder,
  leaderHandover,
  linearizable,
  noDuplicateOrdinal,
  noRestartStorm,
  pdbHonoured,
  rpo,
  rto,
  setComplete,
  topologySpread,
  watchOrder,
  zeroFailures,
} from '../harness/guarantees/index.ts';
import { HarnessError, messageOf } from '../harness/model/errors.ts';
import type { RunReport } from '../harness/model/report.ts';
import { during, type Scenario } from '../harness/model/scenario.ts';
import { runScenario } from '../harness/run/index.ts';
import { stopOnSignals } from '../harness/util/stop-on-signals.ts';
import { nothing } from '../suites/self/nothing.ts';
import { falseAlarm, tableOf, tallyOf } from './quiet/tally.ts';
import { wholeNumber } from './whole-number.ts';
import { withClusters } from './with-clusters.ts';
import { runMain } from './run-main.ts';

const help = `Usage: npm run quiet -- [options]

Judges steady clusters to which nothing is done: every violated promise is a false alarm.

  --runs N         how many runs on the one cluster (10)
  --seconds S      how long each lasts once the load is steady (10)
  --cluster NAME   on this cluster, which is up; by default one is booted and removed
  --clusters N     so many clusters side by side, which share the runs (1)

Exit code: 0 when nothing was violated, 1 when something was, 2 when no run could be judged, 3 when it could not be tried.
`;

const quiet = (seconds: number): Scenario => ({
  name: 'quiet',
  summary: 'A steady cluster to which nothing is done.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [
    { workload: 'web', options: {} },
    { workload: 'ledger', options: { models: ['register', 'set', 'append'], watches: true } },
  ],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('nothing', {}, { from: '6s', hold: `${seconds}s` })],
  // As sharp as they may be set: a limit that a steady system can pass only by luck would hide a false alarm.
  guarantees: [
    rto({ under: '250ms' }),
    apiRto({ under: '1s' }),
    rpo({ lost: 0 }),
    capacityRto({ under: '2s' }),
    zeroFailures(),
    errorBudget({ objective: 99.99 }),
    latencyUnder({ under: '250ms' }),
    blastRadius({ errors: '0.1%', outside: 'zone-a' }),
    linearizable(),
    setComplete(),
    appendOrder(),
    watchOrder(),
    pdbHonoured(),
    topologySpread({ within: '1s' }),
    endpointsConverge({ under: '1s' }),
    leaderHandover({ under: '10s' }),
    noDuplicateOrdinal(),
    noRestartStorm({ restarts: 0 }),
    cleanReturn({ within: '1s' }),
  ],
  recoverWithin: '5s',
});

function flagsOf(argv: readonly string[]): { readonly [name: string]: string | boolean | undefined } {
  const text = { type: 'string' } as const;
  const options = { runs: text, seconds: text, cluster: text, clusters: text, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new HarnessError('bad-input', `quiet: ${messageOf(error)}`, { hint: 'npm run quiet -- --help' });
  }
}

async function runMany(
  name: string,
  numbers: readonly number[],
  seconds: number,
  signal: AbortSignal,
): Promise<readonly RunReport[]> {
  const reports: RunReport[] = [];
  for (const number of numbers) {
    if (signal.aborted) break;
    const { report } = await runScenario(
      quiet(seconds),
      { ...catalogue, faults: [nothing] },
      {
        cluster: name,
        seed: number,
        runsDirectory: join(runsDirectory(), 'quiet'),
        observer: { phase: () => undefined, note: () => undefined, progress: () => undefined },
        signal,
      },
    );
    const said = report.guarantees.map(({ spec, verdict }) => `${spec.guarantee} ${verdict.status}`).join(', ');
    const load = (loadavg()[0] ?? 0).toFixed(1);
    console.log(`run ${String(number)} ${report.outcome}: ${said || report.because} (load average ${load})`);
    // A run that did not come to its end was not quiet: it is told above and not counted.
    if (report.phases.every(({ error }) => error === undefined)) reports.push(report);
  }
  return reports;
}

async function main(): Promise<number> {
  const flags = flagsOf(process.argv.slice(2));
  if (flags['help'] === true) {
    process.stdout.write(help);
    return 0;
  }
  const runs = wholeNumber(flags['runs'], 10, '--runs');
  const seconds = wholeNumber(flags['seconds'], 10, '--seconds');
  using stop = stopOnSignals((line) => {
    console.log(line);
  });
  const wanted = {
    given: typeof flags['cluster'] === 'string' ? flags['cluster'] : null,
    count: wholeNumber(flags['clusters'], 1, '--clusters'),
    prefix: 'quiet',
    config: join(root, quiet(seconds).cluster.config),
  };
  const numbers = Array.from({ length: runs }, (_, index) => index + 1);
  return await withClusters(wanted, stop.signal, async (clusters) => {
    const shares = clusters.map(({ facts }, at) => {
      const mine = numbers.filter((number) => number % clusters.length === at);
      return runMany(facts.name, mine, seconds, stop.signal);
    });
    const reports = (await Promise.all(shares)).flat();
    const tally = tallyOf(reports);
    for (const reason of tally.flatMap(({ reasons }) => reasons)) console.log(reason);
    console.log(`\n${tableOf(tally)}\n\n${String(reports.length)} of ${String(runs)} runs were judged.`);
    if (falseAlarm(tally)) return 1;
    return reports.length > 0 ? 0 : 2;
  });
}

await runMain(main);
