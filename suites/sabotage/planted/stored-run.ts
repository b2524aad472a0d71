import { join } from 'node:path';

import type { Cluster } from '../../../harness/model/cluster.ts';
import type { HistoryEvent } from '../../../harness/model/history.ts';
import { reportSchema, type FaultRecord, type RunReport } from '../../../harness/model/report.ts';
import type { Scenario } from '../../../harness/model/scenario.ts';
import { conclude } from '../../../harness/run/conclude.ts';
import { HistoryRecorder } from '../../../harness/run/history-file.ts';
import { Journal } from '../../../harness/run/journal.ts';
import { claimDirectory } from '../../../harness/run/live-runs.ts';
import { runId } from '../../../harness/run/run-scenario.ts';
import { harnessVersion } from '../../../harness/run/version.ts';
import { startClock } from '../../../harness/util/clock.ts';
import { runsDirectory } from '../../../harness/util/paths.ts';
import { json } from '../../../reports/json.ts';

/** Injections that a suite conducts itself, one by one, stored as any run is: with journal, history and report. */
export class StoredRun {
  readonly clock = startClock();
  readonly journal: Journal;
  readonly #scenario: Scenario;
  readonly #cluster: Cluster;
  readonly #id: string;
  readonly #directory: string;
  readonly #startedAt: string;
  readonly #history: HistoryRecorder;
  readonly #faults: FaultRecord[] = [];

  /** Of a cluster that is up already; it is left up. */
  constructor(scenario: Scenario, cluster: Cluster) {
    this.#scenario = scenario;
    this.#cluster = cluster;
    this.#id = runId(scenario.name, this.clock);
    this.#directory = join(runsDirectory(), this.#id);
    this.#startedAt = new Date(this.clock.startedAtMs).toISOString();
    claimDirectory(this.#directory);
    this.#history = new HistoryRecorder(this.#directory);
    this.journal = new Journal(this.#directory);
    const { name, seed } = scenario;
    this.journal.append({ type: 'run', id: this.#id, scenario: name, seed, startedAt: this.#startedAt });
    const { provider } = cluster.facts;
    this.journal.append({ type: 'cluster', provider, name: cluster.facts.name, owned: false, keep: true });
  }

  readonly record = (event: HistoryEvent): void => {
    this.#history.record(event);
  };

  add(fault: FaultRecord): void {
    this.#faults.push(fault);
  }

  async end(): Promise<void> {
    await this.#history.close();
    const fingerprint = { compared: [], differences: [] };
    const left = this.#faults.filter(({ gone }) => !gone.proved).map(({ step }) => `${step} was not proved gone`);
    const grounds = { guarantees: [], faults: this.#faults, wanted: this.#scenario.faults.length, fingerprint, left };
    const report: RunReport = {
      schema: reportSchema,
      id: this.#id,
      scenario: this.#scenario,
      seed: this.#scenario.seed,
      startedAt: this.#startedAt,
      ...(await harnessVersion()),
      durationMs: Math.round(this.clock.now()),
      replay: `mocha suites/sabotage/${this.#scenario.name}.ts`,
      ...conclude({ ...grounds, stopped: null }),
      cluster: this.#cluster.facts,
      settings: [],
      phases: [],
      faults: this.#faults,
      guarantees: [],
      fingerprint,
      left,
    };
    await json.write(report, this.#history.events, this.#directory);
    this.journal.append({ type: 'ended', outcome: report.outcome });
    this.journal.close();
  }
}
