// One runner that kills itself: `node child.ts '{"cluster": ..., "crash": ...}'`. Started by the crash matrix.
import { flushCompileCache } from 'node:module';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { during } from '../../harness/model/scenario.ts';
import { runScenario } from '../../harness/run/index.ts';
import { crashing } from './crashing-fault.ts';
import { lightInstruments } from './light-instruments.ts';
import { scenarioOf } from './scenario.ts';
import type { Trial } from './trials.ts';

export interface ChildTask {
  readonly cluster: string;
  readonly runsDirectory: string;
  readonly trial: Trial;
}

// Who is killed keeps nothing of what was compiled at its end.
flushCompileCache();
const { cluster, runsDirectory, trial } = JSON.parse(process.argv[2] ?? '') as ChildTask;
const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
const scenario = scenarioOf({
  name: trial.fault,
  seed: trial.seed,
  faults: [during(trial.fault, trial.params, { from: '1ms', hold: `${trial.holdMs}ms` })],
});
try {
  const { report } = await runScenario(
    scenario,
    {
      ...catalogue,
      reporters: [],
      faults: catalogue.faults.map((fault) => (fault.name === trial.fault ? crashing(fault, trial.crash, die) : fault)),
    },
    {
      cluster,
      runsDirectory,
      instruments: lightInstruments,
      observer: {
        phase: () => undefined,
        note: (line) => process.stderr.write(`${line}\n`),
        progress: () => undefined,
      },
      signal: AbortSignal.timeout(180_000),
    },
  );
  // Who comes here was not killed: the parent reads why.
  console.log(`${report.outcome}: ${report.because}`);
  process.exitCode = report.outcome === 'skipped' ? 4 : 5;
} catch (error) {
  console.log(messageOf(error));
  process.exitCode = 5;
}
