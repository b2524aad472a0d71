import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { HarnessError, messageOf } from '../model/errors.ts';
import { reportSchema, type RunReport } from '../model/report.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Outcome } from '../model/verdict.ts';
import { startClock, type Clock } from '../util/clock.ts';
import type { Catalogue, RunObserver } from './catalogue.ts';
import { checkScenario } from './check-scenario.ts';
import { conclude } from './conclude.ts';
import { Experiment } from './experiment.ts';
import { realInstruments, type Instruments } from './instruments.ts';
import { HistoryRecorder } from './history-file.ts';
import { Journal } from './journal.ts';
import { judgeHistory } from './judge.ts';
import { claimDirectory, haltFile } from './live-runs.ts';
import { Phases } from './phases.ts';
import { harnessVersion } from './version.ts';

export interface RunOptions {
  readonly seed?: number;
  /** Leaves the cluster up after the run. */
  readonly keep?: boolean;
  /** Runs on this cluster, which is up already, and leaves it up. */
  readonly cluster?: string;
  /** True for a scenario that no name finds, because it came from a file: the run's own report is what replays it. */
  readonly unnamed?: boolean;
  /** What the command that replays the run must add to mean that cluster. */
  readonly replayWith?: string;
  /** Names of the run, to compare it by. */
  readonly labels?: readonly string[];
  readonly runsDirectory: string;
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
  /** What touches the Kubernetes API and makes load; the engine's own tests put fakes here. */
  readonly instruments?: Instruments;
}

export interface RunResult {
  readonly report: RunReport;
  readonly directory: string;
  readonly files: readonly string[];
}

/**
 * Runs a scenario from preflight to report. Once the directory of the run exists it always ends in a report, whatever
 * happened, with everything healed or listed in `left`.
 * @throws HarnessError `bad-input` | `unknown-name` before anything is touched
 */
export async function runScenario(given: Scenario, catalogue: Catalogue, options: RunOptions): Promise<RunResult> {
  const scenario = { ...given, seed: options.seed ?? given.seed };
  checkScenario(scenario, catalogue);
  const clock = startClock();
  const id = runId(scenario.name, clock);
  const directory = resolve(options.runsDirectory, id);
  claimDirectory(directory);
  const history = new HistoryRecorder(directory);
  const journal = new Journal(directory);
  const startedAt = new Date(clock.startedAtMs).toISOString();
  journal.append({ type: 'run', id, scenario: scenario.name, seed: scenario.seed, startedAt });
  const phases = new Phases(clock, options.observer, history.record);
  const halt = watchForHalt(directory);
  const signal = AbortSignal.any([options.signal, halt.signal]);
  const experiment = new Experiment({
    scenario,
    catalogue,
    options: { ...options, signal },
    clock,
    history,
    journal,
    phases,
    directory,
    id,
    instruments: options.instruments ?? realInstruments,
  });
  let stopped: Stopped | null = null;
  try {
    await experiment.conduct();
  } catch (error) {
    stopped = asStopped(error, signal, options.observer, experiment.isMeant);
  } finally {
    await experiment.dispose();
    halt[Symbol.dispose]();
  }
  await history.close();
  const judged = stopped?.outcome === 'skipped' ? [] : judgeHistory(scenario, history.events, catalogue.guarantees);
  const grounds = {
    guarantees: judged,
    faults: experiment.faults,
    wanted: scenario.faults.length,
    fingerprint: experiment.fingerprint,
    left: experiment.left,
    stopped,
  };
  const report: RunReport = {
    schema: reportSchema,
    id,
    scenario,
    seed: scenario.seed,
    startedAt,
    ...(await harnessVersion()),
    ...(options.labels === undefined ? {} : { labels: options.labels }),
    durationMs: Math.round(clock.now()),
    replay: replayOf(scenario, directory, options),
    ...conclude(grounds),
    cluster: experiment.facts,
    settings: experiment.settings,
    phases: phases.all,
    faults: experiment.faults,
    guarantees: judged,
    fingerprint: experiment.fingerprint,
    left: experiment.left,
  };
  const files = await writeReports(report, history, catalogue, directory, options.observer);
  journal.append({ type: 'ended', outcome: report.outcome });
  journal.close();
  return { report, directory, files };
}

/** By its name; a scenario from a file, or with the promises of a business impact analysis, is only in its own report. */
function replayOf(
  { name, seed, services }: Scenario,
  directory: string,
  { unnamed = false, replayWith }: RunOptions,
): string {
  const what = unnamed || services !== undefined ? join(relative(process.cwd(), directory), 'run.json') : name;
  return `shakedown run ${what} --seed ${String(seed)}${replayWith === undefined ? '' : ` ${replayWith}`}`;
}

/** Sorts by time and is unique; not drawn from the seed, because it is no choice of the experiment. */
export function runId(scenario: string, clock: Clock): string {
  const time = new Date(clock.startedAtMs)
    .toISOString()
    .replace(/[-:]|\.\d+Z/g, '')
    .toLowerCase();
  return `${time}-${scenario}-${randomBytes(2).toString('hex')}`;
}

interface Stopped {
  readonly outcome: Outcome;
  readonly because: string;
}

const cannotKnow: ReadonlySet<string> = new Set(['load-too-low', 'not-steady', 'fault-not-active', 'interrupted']);

/** What this cluster lacks means that the run was not for it; what a fault refuses to do leaves the promises unproved. */
function asStopped(error: unknown, signal: AbortSignal, observer: RunObserver, isMeant: boolean): Stopped {
  const cause: unknown = signal.aborted ? signal.reason : error;
  const next = cause instanceof HarnessError && cause.hint !== undefined ? `. Next: ${cause.hint}` : '';
  const because = `${messageOf(cause)}${next}`;
  observer.note(because);
  if (cause instanceof HarnessError && cause.code === 'refused')
    return { outcome: isMeant ? 'unknown' : 'skipped', because };
  if (cause instanceof HarnessError && cannotKnow.has(cause.code)) return { outcome: 'unknown', because };
  return { outcome: 'harness-error', because };
}

const lookEveryMs = 250;

/** A file named `halt` in the run's directory stops the run: `shakedown halt` writes it from another process. */
function watchForHalt(directory: string): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (existsSync(haltFile(directory)))
      controller.abort(new HarnessError('interrupted', 'The run was halted from another terminal'));
  }, lookEveryMs);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}

/** A failing reporter is told and changes nothing else. The JSON report is first, so that the run can be judged again. */
async function writeReports(
  report: RunReport,
  history: HistoryRecorder,
  catalogue: Catalogue,
  directory: string,
  observer: RunObserver,
): Promise<readonly string[]> {
  const files: string[] = [join(directory, 'history.ndjson')];
  for (const reporter of catalogue.reporters) {
    try {
      files.push(...(await reporter.write(report, history.events, directory)));
    } catch (error) {
      observer.note(`the ${reporter.name} report could not be written: ${messageOf(error)}`);
    }
  }
  return files;
}
