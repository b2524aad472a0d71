import { failureOf } from '../harness/cli/failure.ts';
import { stopOnSignals } from '../harness/util/stop-on-signals.ts';
import { formatMs } from '../harness/model/duration.ts';
import { argumentsOf, help } from './arguments.ts';
import { runChecks } from './checks.ts';
import { command } from './command.ts';
import { removeClustersOf } from './own-clusters.ts';
import { runMocha } from './run-mocha.ts';
import { longSpecs, needsCluster, obstacleHere } from './suites.ts';
import { add, lastLine, nothing, type Tally } from './tally.ts';

// `npm test`: the checks, then every long spec, most of them on real clusters, one after the other. Ends with `N passed, N failed`.
const stop = stopOnSignals((line) => {
  console.log(`\n${line}`);
});
const stopped = (): boolean => stop.signal.aborted;
/** A spec that takes longer hangs; it is interrupted, so that it does not hang the whole. */
const specLimitMs = 30 * 60_000;

// Where Go's own installer puts it, which not every shell has on its PATH.
process.env['PATH'] = `${process.env['PATH'] ?? ''}:/usr/local/go/bin`;

const startMs = performance.now();
const failedSpecs: string[] = [];
/** The mocha processes of this test run: the clusters that they made are its own. */
const pids = new Set<number>();

/** Every program is there before the first spec starts, so that no spec's time is spent on building one. */
async function prepare(): Promise<Tally> {
  console.log('\n== toolchain');
  const { ok } = await command(['bin/shakedown', 'toolchain', '--install'], { show: true, signal: stop.signal });
  return { ...nothing, failed: ok ? 0 : 1 };
}

async function runSpecs(specs: readonly string[]): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const [index, spec] of specs.entries()) {
    if (stopped()) break;
    console.log(
      `\n== ${spec} (${String(index + 1)} of ${String(specs.length)}, ${formatMs(performance.now() - startMs)} so far)`,
    );
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(specLimitMs)]);
    const { tally, ended } = await runMocha(['--timeout', '10m', '--exit', spec], { show: true, signal });
    if (ended.pid !== undefined) pids.add(ended.pid);
    if (tally.failed > 0) failedSpecs.push(spec);
    tallies.push(tally);
  }
  return add(...tallies);
}

function asked(): ReturnType<typeof argumentsOf> {
  try {
    return argumentsOf(process.argv.slice(2));
  } catch (error) {
    const failure = failureOf(error, false);
    process.stderr.write(failure.text.replace(/^shakedown: /, ''));
    process.exit(failure.exitCode);
  }
}

async function runAll(wants: (name: string) => boolean): Promise<Tally> {
  const checked = wants('check') ? await runChecks(stop.signal) : nothing;
  const specs = longSpecs().filter(wants);
  const obstacle = obstacleHere();
  const skipped = specs.filter((spec) => obstacle !== null && needsCluster(spec));
  const left = specs.filter((spec) => !skipped.includes(spec));
  const base = { ...checked, skipped: skipped.map((spec) => `${spec}: ${obstacle ?? ''}`) };
  if (left.length === 0 || stopped()) return base;
  const prepared = left.some(needsCluster) ? await prepare() : nothing;
  if (prepared.failed > 0 || stopped()) return add(base, prepared);
  return add(base, await runSpecs(left));
}

const { help: wantsHelp, wants: chosen } = asked();
if (wantsHelp) {
  process.stdout.write(help);
  process.exit(0);
}
const tally = await runAll(chosen);
if (tally.passed + tally.failed + tally.skipped.length === 0 && !stopped())
  console.log(`Nothing matches ${process.argv.slice(2).join(' ')}: expected 'check', or a folder or file of suites/.`);
if (pids.size > 0 && (stopped() || failedSpecs.length > 0)) {
  await command(['bin/shakedown', 'heal'], { show: true });
  for (const said of await removeClustersOf(pids)) console.log(said);
}
if (tally.skipped.length > 0)
  console.log(`\nSkipped, not counted as passed:\n${tally.skipped.map((each) => `  ${each}`).join('\n')}`);
if (failedSpecs.length > 0) {
  console.log(`\nFailed: ${failedSpecs.join(', ')}\nThe evidence of each run is in runs/ (shakedown list --runs).`);
}
if (stopped()) console.log('\nInterrupted: the rest was not run.');
console.log(`\nTook ${formatMs(performance.now() - startMs)}.\n${lastLine(tally)}`);
process.exitCode = tally.failed > 0 || tally.passed === 0 || stopped() ? 1 : 0;
