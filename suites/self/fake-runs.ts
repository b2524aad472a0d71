import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Fault } from '../../harness/model/fault.ts';
import type { Guarantee } from '../../harness/model/guarantee.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { runScenario, type RunObserver } from '../../harness/run/index.ts';
import type { Instruments } from '../../harness/run/instruments.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';
import { fakeCatalogue, fakeInstruments, fakeScenario, feltGuarantee, type FakeProvider } from './fakes.ts';

export const quiet: RunObserver = { phase: () => undefined, note: () => undefined, progress: () => undefined };

/** What of the fake scenario and its run is other than usual. */
export interface Change {
  readonly scenario?: Partial<Scenario>;
  readonly instruments?: Partial<Instruments>;
  readonly signal?: AbortSignal;
  readonly keep?: boolean;
  readonly unnamed?: boolean;
  readonly labels?: readonly string[];
  readonly guarantees?: readonly Guarantee[];
  readonly provider?: FakeProvider;
}

/** Runs the fake scenario in a folder of its own, which goes with it. */
export class FakeRuns implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'engine-'));
  readonly clusters = join(this.root, 'clusters');
  readonly runs = join(this.root, 'runs');

  constructor() {
    mkdirSync(this.clusters);
  }

  run(fault: Fault, change: Change = {}): Promise<RunResult> {
    const { scenario = {}, instruments = {}, signal = new AbortController().signal } = change;
    const { keep = false, unnamed = false, labels = [], guarantees = [feltGuarantee] } = change;
    return runScenario(
      { ...fakeScenario, ...scenario },
      {
        ...fakeCatalogue(this.clusters, fault),
        guarantees,
        ...(change.provider ? { providers: [change.provider] } : {}),
      },
      {
        runsDirectory: this.runs,
        observer: quiet,
        signal,
        keep,
        unnamed,
        ...(labels.length === 0 ? {} : { labels }),
        instruments: { ...fakeInstruments, ...instruments },
      },
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}
