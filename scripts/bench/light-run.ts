import { join } from 'node:path';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { runsDirectory } from '../../harness/util/paths.ts';
import type { Fault } from '../../harness/model/fault.ts';
import type { FaultEvent } from '../../harness/model/history.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { runScenario } from '../../harness/run/index.ts';
import { lightInstruments } from '../crash-matrix/light-instruments.ts';
import { scenarioOf } from '../crash-matrix/scenario.ts';

export interface LightRun {
  readonly report: RunReport;
  readonly events: readonly FaultEvent[];
}

export interface LightRunOptions {
  readonly fault: Fault;
  /** The least harmful choice by default. */
  readonly params?: Scenario['faults'][number]['params'];
  /** The shortest of the fault by default. */
  readonly holdMs?: number;
  readonly cluster: string;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** One injection of one fault on a cluster that is up, without load: for its times alone. */
export async function lightRun(given: LightRunOptions): Promise<LightRun> {
  const { fault, cluster, seed, signal } = given;
  const { params = fault.example ?? {}, holdMs = fault.minimumHoldMs } = given;
  const scenario = scenarioOf({
    name: fault.name,
    seed,
    faults: [during(fault.name, params, { from: '1ms', hold: `${holdMs}ms` })],
  });
  const { report, directory } = await runScenario(
    scenario,
    { ...catalogue, faults: catalogue.faults.map((each) => (each.name === fault.name ? fault : each)), reporters: [] },
    {
      cluster,
      runsDirectory: join(runsDirectory(), 'bench'),
      instruments: lightInstruments,
      observer: { phase: () => undefined, note: () => undefined, progress: () => undefined },
      signal,
    },
  );
  return { report, events: readHistory(directory).filter((event) => event.kind === 'fault') };
}
