// Runners that kill themselves: `node child.ts '{"cluster": ..., "trials": [...]}'`. Started by the crash matrix.
import { flushCompileCache } from 'node:module';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { runScenario } from '../../harness/run/index.ts';
import { isMoving } from './crash.ts';
import { crashing } from './crashing-fault.ts';
import { lightInstruments } from './light-instruments.ts';
import { scenarioOf } from './scenario.ts';
import { SharedDeath } from './shared-death.ts';
import { evidenceOf, stepOf, type Trial } from './trials.ts';

export interface ChildTask {
  readonly cluster: string;
  /** Each trial has its own folder of runs there, by its name. */
  readonly directory: string;
  readonly trials: readonly Trial[];
}

/** A line for each runner that ended by itself: the parent reads why. */
export interface Ended {
  readonly id: string;
  readonly because: string;
}

/** @returns why the run ended by itself */
async function live({ cluster, directory }: ChildTask, trial: Trial, death: SharedDeath): Promise<string> {
  const crashes = catalogue.faults.map((fault) =>
    fault.name === trial.fault ? crashing(fault, trial.crash, death.of(trial.id)) : fault,
  );
  const note = (line: string): void => void process.stderr.write(`${trial.id}: ${line}\n`);
  try {
    const { report } = await runScenario(
      scenarioOf({ name: trial.fault, seed: trial.seed, faults: [stepOf(trial)] }),
      { ...catalogue, reporters: [], faults: crashes },
      {
        cluster,
        runsDirectory: evidenceOf(directory, trial),
        instruments: lightInstruments,
        observer: { phase: () => undefined, note, progress: () => undefined },
        signal: AbortSignal.timeout(180_000),
      },
    );
    return `${report.outcome}: ${report.because}`;
  } catch (error) {
    return messageOf(error);
  }
}

// Who is killed keeps nothing of what was compiled at its end.
flushCompileCache();
const task = JSON.parse(process.argv[2] ?? '') as ChildTask;
const idsOf = (moving: boolean): readonly string[] =>
  task.trials.filter(({ crash }) => isMoving(crash) === moving).map(({ id }) => id);
const death = new SharedDeath(idsOf(false), idsOf(true), () => {
  process.kill(process.pid, 'SIGKILL');
});
await Promise.all(
  task.trials.map(async (trial) => {
    const ended: Ended = { id: trial.id, because: await live(task, trial, death) };
    console.log(JSON.stringify(ended));
    death.ended(trial.id);
  }),
);
