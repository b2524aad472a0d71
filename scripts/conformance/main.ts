// `npm run conformance`: the CNCF conformance tests of Kubernetes on a local cluster. Not a part of `npm test`.
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { runsDirectory } from '../../harness/util/paths.ts';
import type { Cluster, Progress } from '../../harness/model/cluster.ts';
import { formatMs } from '../../harness/model/duration.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { stopOnSignals } from '../../harness/util/stop-on-signals.ts';
import { prepare, withCluster, type Prepared } from './cluster.ts';
import { runSpecs, selectedSpecs, type Suite } from './ginkgo.ts';
import { atServer } from './kubeconfig.ts';
import { help, optionsOf, type Options } from './options.ts';
import { resultsOf, summaryOf, tableOf, type Results } from './results.ts';
import { Tracker } from './tracker.ts';
import { runMain } from '../run-main.ts';

const say: Progress = (line) => {
  console.log(line);
};

async function suiteOn(
  cluster: Cluster,
  prepared: Prepared,
  options: Options,
  home: string,
  directory: string,
): Promise<Suite> {
  // Some tests speak to node addresses and node ports: they run on the cluster's network.
  const place = await cluster.place('conformance');
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, atServer(await readFile(cluster.kubeconfig, 'utf8'), cluster.facts.apiEndpoint), {
    mode: 0o600,
  });
  const nodes = cluster.facts.nodes.filter(({ role }) => role === 'worker').length;
  return { place, programs: prepared.programs, options, kubectl: prepared.kubectl, kubeconfig, nodes, home, directory };
}

async function testOn(suite: Suite, signal: AbortSignal): Promise<Results> {
  const { options } = suite;
  const selected = await selectedSpecs(suite, signal);
  say(`${String(selected.length)} specs, ${String(options.procs)} at once`);
  const tracker = new Tracker(selected.length, say);
  const until = AbortSignal.any([signal, AbortSignal.timeout(options.limitMinutes * 60_000)]);
  const counts = await runSpecs(suite, until, (outcome) => {
    tracker.ended(outcome);
  });
  const results = resultsOf(selected, tracker.outcomes);
  await writeFile(join(suite.directory, 'specs.txt'), tableOf(results));
  await writeFile(join(suite.directory, 'specs.json'), `${JSON.stringify(results, null, 1)}\n`);
  const { passed, failed } = results;
  // Ginkgo counts what was cut off as failed.
  const cutOff = tracker.outcomes.filter(({ outcome }) => outcome === 'cut-off').length;
  if (counts !== null && (counts.passed !== passed.length || counts.failed !== failed.length + cutOff))
    throw new HarnessError(
      'bug',
      `ginkgo counts ${String(counts.passed)} passed and ${String(counts.failed)} failed, its output was read as ${String(passed.length)} and ${String(failed.length + cutOff)}`,
      { hint: `compare ${suite.directory}/ginkgo.log with specs.txt beside it` },
    );
  if (counts === null) say('Ginkgo did not come to its end: what it had not told by then counts as not run.');
  return results;
}

async function main(): Promise<number> {
  const options = optionsOf(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  using stop = stopOnSignals((line) => {
    console.log(line);
  });
  const prepared = await prepare(say, stop.signal);
  const time = new Date()
    .toISOString()
    .replace(/[-:]|\.\d+Z/g, '')
    .toLowerCase();
  const directory = join(runsDirectory(), 'conformance', time);
  await mkdir(directory, { recursive: true });
  const startMs = performance.now();
  await using home = await mkdtempDisposable(join(tmpdir(), 'conformance-'));
  const results = await withCluster(options, prepared.archive, say, stop.signal, async (cluster) => {
    const suite = await suiteOn(cluster, prepared, options, home.path, directory);
    const ended = await testOn(suite, stop.signal);
    if (ended.failed.length > 0) await cluster.collectLogs(join(directory, 'nodes'));
    return ended;
  });
  const load = loadavg().map((value) => value.toFixed(1));
  say(`\nTook ${formatMs(performance.now() - startMs)}; the machine's load at the end: ${load.join(', ')}`);
  say(`Every spec: ${join(directory, 'specs.txt')}; what they said: ginkgo.log and junit.xml beside it\n`);
  say(summaryOf(results));
  return results.failed.length + results.notRun.length === 0 ? 0 : 1;
}

await runMain(main);
