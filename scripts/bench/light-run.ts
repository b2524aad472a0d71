import { join } from 'node:path';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { runsDirectory } from '../../harness/util/paths.ts';
import type { Fault } from '../../harness/model/fault.ts';
import type { FaultEvent } from '../../harness/model/history.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { during } from '../../harness/model/scenario.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { runScenario } from '../../harness/run/index.ts';
import { lightInstruments } from '../crash-matrix/light-instruments.ts';
import { scenarioOf } from '../crash-matrix/scenario.ts';

export interface LightRun {
  readonly report: RunReport;
  readonly events: readonly FaultEvent[];
}

/** One injection of one fault on a cluster that is up, without load: for its times alone. */
export async function lightRun(fault: Fault, cluster: string, seed: number, signal: AbortSignal): Promise<LightRun> {
  const scenario = scenarioOf({
    name: fault.name,
    seed,
    faults: [during(fault.name, fault.example ?? {}, { from: '1ms', hold: `${fault.minimumHoldMs}ms` })],
  });
  const { report, directory } = await runScenario(
    scenario,
    { ...catalogue, reporters: [] },
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
