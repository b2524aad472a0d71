import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Cluster, ClusterFacts, ClusterProvider } from '../model/cluster.ts';
import { formatMs, toMs } from '../model/duration.ts';
import { HarnessError, messageOf } from '../model/errors.ts';
import type { Guarantee } from '../model/guarantee.ts';
import type { FaultRecord, RunReport } from '../model/report.ts';
import type { FaultStep, Scenario } from '../model/scenario.ts';
import { seeded } from '../util/random.ts';
import type { Clock } from '../util/clock.ts';
import { CleanupStack } from '../util/cleanup.ts';
import { eventually, notYet, yes } from '../util/eventually.ts';
import { root } from '../util/paths.ts';
import { named, type Catalogue } from './catalogue.ts';
import type { Deployed } from './deploy.ts';
import { foresee } from './foresee.ts';
import { differences, type Fingerprint } from './fingerprint.ts';
import type { HistoryRecorder } from './history-file.ts';
import { InjectStep, type StepEnvironment } from './inject-step.ts';
import type { Journal } from './journal.ts';
import { judgeHistory } from './judge.ts';
import type { Instruments, Measuring } from './instruments.ts';
import { obstacleOf, refuseWithoutPlaces } from './obstacle.ts';
import type { Phases } from './phases.ts';
import type { RunOptions } from './run-scenario.ts';

export interface ExperimentContext {
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  readonly options: RunOptions;
  readonly clock: Clock;
  readonly history: HistoryRecorder;
  readonly journal: Journal;
  readonly phases: Phases;
  readonly directory: string;
  readonly id: string;
  readonly instruments: Instruments;
}

/** A run between its directory and its report: acquires, deploys, loads, breaks, heals, watches the recovery. */
export class Experiment {
  readonly #context: ExperimentContext;
  readonly #cleanup = new CleanupStack();
  readonly #steps: InjectStep[] = [];
  readonly #left: string[] = [];
  #cluster: Cluster | null = null;
  #isMeant = false;
  #settings: RunReport['settings'] = [];
  #fingerprint: RunReport['fingerprint'] = { compared: [], differences: [] };

  constructor(context: ExperimentContext) {
    this.#context = context;
  }

  /** False while nothing is known against running this scenario on this cluster but what the cluster lacks. */
  get isMeant(): boolean {
    return this.#isMeant;
  }

  get faults(): readonly FaultRecord[] {
    return this.#steps.map((step) => step.record);
  }

  get facts(): ClusterFacts | null {
    return this.#cluster?.facts ?? null;
  }

  get settings(): RunReport['settings'] {
    return this.#settings;
  }

  get fingerprint(): RunReport['fingerprint'] {
    return this.#fingerprint;
  }

  get left(): readonly string[] {
    const notGone = this.#steps
      .filter((step) => step.isLeft)
      .map(
        ({ step, record }) =>
          `${step} was not proved gone: ${record.gone.evidence}; shakedown heal ${this.#context.id}`,
      );
    return [...notGone, ...this.#left];
  }

  /** @throws what stopped the run; faults are healed by then */
  async conduct(): Promise<void> {
    const { scenario, phases, options, catalogue, clock, history, directory, instruments, id } = this.#context;
    const { signal } = options;
    const cluster = await phases.run(
      'acquire',
      options.cluster ?? `${scenario.cluster.provider} cluster from ${scenario.cluster.config}`,
      () => this.#acquire(),
    );
    this.#refuseObstacles(cluster);
    const deployed = await phases.run('deploy', scenario.workloads.map(({ workload }) => workload).join(', '), () =>
      instruments.deploy({ scenario, cluster, catalogue, observer: options.observer, signal, runId: id }),
    );
    this.#settings = await phases.run('settings', 'reading back the live settings', () =>
      instruments.settings(cluster, signal),
    );
    await phases.run('plan', `${String(scenario.faults.length)} faults`, () => {
      this.#isMeant = true;
      return foresee(scenario, { seed: scenario.seed, cluster, catalogue, signal });
    });
    // Before the load: describing nine nodes at once costs enough to be felt by it.
    const before = await phases.run('fingerprint', `${String(cluster.facts.nodes.length)} nodes and the API`, () =>
      this.#describe(cluster),
    );
    const measurement = await phases.run('load', `${String(scenario.load.rate)} requests/s on each path`, () =>
      instruments.measure({ scenario, cluster, deployed, clock, record: history.record, directory, signal }),
    );
    this.#cleanup.push('measurement', () => measurement.stop().then(failOnAny));
    await phases.run('steady', 'waiting for the real rate without failures', () =>
      steady(measurement, instruments.steadyWithinMs, signal),
    );
    await phases.run('faults', scenario.faults.map(({ fault }) => fault).join(', '), () => this.#inject(cluster));
    await phases.run('recover', `at most ${scenario.recoverWithin}`, () => this.#recover(measurement, deployed));
    await phases.run('drain', 'ending load and watches', () => measurement.stop().then(failOnAny));
    await phases.run('compare', 'fingerprints before and after', () => this.#compare(cluster, before));
  }

  /** Collects the logs, removes what was made for the run. Never throws: what went wrong is in `left`. */
  async dispose(): Promise<void> {
    const cluster = this.#cluster;
    if (cluster) {
      try {
        await cluster.collectLogs(join(this.#context.directory, 'logs'));
      } catch (error) {
        this.#context.options.observer.note(`logs: ${messageOf(error)}`);
      }
    }
    this.#left.push(...(await this.#cleanup.unwind()));
  }

  #describe(cluster: Cluster): Promise<Fingerprint> {
    const { instruments, options } = this.#context;
    return instruments.fingerprint(cluster, options.signal);
  }

  async #acquire(): Promise<Cluster> {
    const { scenario, catalogue, options, journal, id } = this.#context;
    const provider = named('provider', scenario.cluster.provider, catalogue.providers);
    const progress = (line: string): void => {
      options.observer.progress(line);
    };
    await this.#context.instruments.prepare(progress, options.signal);
    if (options.cluster !== undefined) return (this.#cluster = await this.#attach(provider, options.cluster));
    const name = `run-${randomBytes(3).toString('hex')}`;
    const keep = options.keep ?? false;
    journal.append({ type: 'cluster', provider: provider.name, name, owned: true, keep });
    if (!keep) {
      this.#cleanup.push(`cluster ${name} (shakedown heal ${id})`, async () => {
        await provider.remove(name);
        journal.append({ type: 'cluster-removed', name });
      });
    }
    const spec = { ...scenario.cluster, config: resolve(root, scenario.cluster.config) };
    return (this.#cluster = await provider.create(name, spec, progress, options.signal));
  }

  /** Takes hold of a cluster that is up; where it is not ours, what is made there for the run goes with it. */
  async #attach(provider: ClusterProvider, name: string): Promise<Cluster> {
    const { journal, id } = this.#context;
    const keep = provider.release === undefined;
    journal.append({ type: 'cluster', provider: provider.name, name, owned: false, keep });
    if (!keep) {
      this.#cleanup.push(`what was made on ${name} (shakedown heal ${id})`, async () => {
        await provider.release?.(name, id);
        journal.append({ type: 'cluster-removed', name });
      });
    }
    const cluster = await provider.attach(name, id);
    // Its connections go first: whoever cleans up has some of its own.
    if (!keep) this.#cleanup.push(`the connections to ${name}`, () => cluster[Symbol.asyncDispose]());
    return cluster;
  }

  /** @throws HarnessError `refused`, which makes the run `skipped` with the obstacle as its reason */
  #refuseObstacles(cluster: Cluster): void {
    const { scenario, catalogue } = this.#context;
    refuseWithoutPlaces(cluster);
    for (const step of scenario.faults) {
      const fault = named('fault', step.fault, catalogue.faults);
      const obstacle = obstacleOf(fault, cluster.facts, fault.params(step.params));
      if (obstacle !== null) throw new HarnessError('refused', `${step.fault} cannot run here: ${obstacle}`);
    }
  }

  /** Runs every step at its time. When one fails, the others are stopped, and every one heals before this returns. */
  async #inject(cluster: Cluster): Promise<void> {
    const { scenario, catalogue, clock, history, journal, options, id } = this.#context;
    const failed = new AbortController();
    const signal = AbortSignal.any([options.signal, failed.signal]);
    const environment: StepEnvironment = {
      cluster,
      clock,
      journal,
      observer: options.observer,
      record: history.record,
      random: seeded(scenario.seed),
      busy: new Map(),
    };
    const suffix = id.slice(-4);
    const running: Promise<InjectStep>[] = [];
    const start = async (given: FaultStep, index: number): Promise<InjectStep> => {
      const fault = named('fault', given.fault, catalogue.faults);
      const step = new InjectStep(index, fault, given, environment, `${suffix}_${String(index)}`);
      const before = given.following === true ? await running[index - 1] : undefined;
      if (before?.isLeft === true)
        throw new HarnessError('refused', `${step.step} was not begun, because ${before.step} is not gone`);
      await sleep(toMs(given.from, 'from'), undefined, { signal });
      this.#steps.push(step);
      await step.run(signal);
      return step;
    };
    scenario.faults.forEach((given, index) => {
      running.push(start(given, index));
    });
    await Promise.allSettled(
      running.map((step) =>
        step.catch((error: unknown) => {
          failed.abort(error);
        }),
      ),
    );
    failed.signal.throwIfAborted();
  }

  /** Records until the load is clean again and every promise can be judged, or the time for it is over. */
  async #recover(measurement: Measuring, deployed: Deployed): Promise<void> {
    const { scenario, catalogue, history, options } = this.#context;
    const withinMs = toMs(scenario.recoverWithin, 'recoverWithin');
    const startMs = performance.now();
    const leftMs = (): number => Math.max(1_000, withinMs - (performance.now() - startMs));
    const note = (error: unknown): void => {
      options.signal.throwIfAborted();
      options.observer.note(messageOf(error));
    };
    await measurement.untilSteady(leftMs(), options.signal).catch(note);
    await deployed.untilReady(leftMs(), options.signal).catch(note);
    const decided = (wanted: readonly Guarantee[]): Promise<void> => {
      const kinds = new Set(wanted.map(({ name }) => name));
      const promised = { guarantees: scenario.guarantees.filter(({ guarantee }) => kinds.has(guarantee)) };
      return eventually(
        'every promise to be decided',
        { withinMs: leftMs(), everyMs: 1_000, signal: options.signal },
        () => {
          const judged = judgeHistory(promised, history.events, catalogue.guarantees);
          const open = judged.filter(({ verdict }) => verdict.status === 'unknown');
          options.observer.progress(`${judged.length - open.length} of ${judged.length} promises decided`);
          return open.length === 0 ? yes(undefined) : notYet(open.map(({ promise }) => promise).join('; '));
        },
      ).catch(note);
    };
    // Reading back ends the writing, and an outage of the writes that is open then stays open.
    await decided(catalogue.guarantees.filter(({ needsReadBack = false }) => !needsReadBack));
    await measurement.readBack(options.signal);
    await decided(catalogue.guarantees);
  }

  /** The nodes must be as they were; what settles within seconds (a reloaded rule, a starting service) is waited for. */
  async #compare(cluster: Cluster, before: Fingerprint): Promise<void> {
    const compare = async (): Promise<readonly string[]> => differences(before, await this.#describe(cluster));
    const { settleMs } = this.#context.instruments;
    let left: readonly string[] = [];
    await eventually(
      'equal fingerprints',
      { withinMs: settleMs, everyMs: Math.min(1_000, settleMs / 2), signal: this.#context.options.signal },
      async () => {
        left = await compare();
        return left.length === 0 ? yes(null) : notYet(left.join('; '));
      },
    ).catch((error: unknown) => {
      this.#context.options.observer.note(`after ${formatMs(settleMs)}: ${messageOf(error)}`);
    });
    this.#fingerprint = { compared: [...before.keys()], differences: left };
  }
}

/** @throws HarnessError `bug` naming all that went wrong, if anything did */
function failOnAny(failures: readonly string[]): void {
  const [first] = failures;
  if (first !== undefined) throw new HarnessError('bug', failures.join('; '));
}

/** @throws HarnessError `load-too-low` | `not-steady`: nothing is broken before there is something to measure against */
async function steady(measurement: Measuring, withinMs: number, signal: AbortSignal): Promise<void> {
  try {
    await measurement.untilSteady(withinMs, signal);
  } catch (cause) {
    if (!(cause instanceof HarnessError) || cause.code !== 'timed-out') throw cause;
    throw new HarnessError('not-steady', 'The system was not steady before the fault', { cause });
  }
}
