import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { root, runsDirectory } from '../../harness/util/paths.ts';
import { judgeRun } from '../../harness/run/index.ts';
import { readReport } from '../../harness/run/judge.ts';
import { exec } from '../../harness/util/exec.ts';
import type { Bench } from './bench.ts';
import type { Figure } from './figure.ts';

const limitMs = 1_000;

/** Judging again: the newest stored run that came to its end, and half an hour at 200 samples/s. */
export const benchJudge: Bench = async ({ times, signal, say }) => {
  const long: number[] = [];
  for (let n = 1; n <= (times ?? 5); n += 1) {
    const { stdout } = await exec([process.execPath, join(root, 'harness/guarantees/judge.bench.ts')], { signal });
    long.push(Number(/^all +(\d+) ms/m.exec(stdout)?.[1] ?? NaN));
  }
  const figures: Figure[] = [
    { name: 'judge 30 min at 200 samples/s', unit: 'ms', target: limitMs, values: long, note: 'all promises together' },
  ];
  const hours: number[] = [];
  for (let n = 1; n <= (times ?? 1); n += 1) {
    const { stdout } = await exec([process.execPath, join(root, 'scripts/bench/hour.ts')], { signal });
    hours.push(Number(/judged (\d+) MiB/.exec(stdout)?.[1] ?? NaN));
  }
  figures.push({
    name: 'memory of a run of 1 h at 200 samples/s',
    unit: 'MiB',
    target: 500,
    values: hours,
    note: 'largest resident set, judging included; its requests alone, without the watches of the API',
  });
  const stored = newestRun();
  if (stored === null) {
    say(`judge: there is no stored run in ${runsDirectory()} to judge again`);
    return figures;
  }
  const again: number[] = [];
  const command: number[] = [];
  for (let n = 1; n <= (times ?? 5); n += 1) {
    const startMs = performance.now();
    judgeRun(stored, catalogue);
    again.push(performance.now() - startMs);
    const commandMs = performance.now();
    await exec([join(root, 'bin/shakedown'), 'judge', stored, '--json'], { signal, allowFailure: true });
    command.push(performance.now() - commandMs);
  }
  const note = readReport(stored).scenario.name;
  return [
    ...figures,
    {
      name: 'judge a stored run again',
      unit: 'ms',
      target: limitMs,
      values: again,
      note: `${note}, history read included`,
    },
    { name: 'shakedown judge, the whole command', unit: 'ms', values: command, note },
  ];
};

function newestRun(): string | null {
  const runs = existsSync(runsDirectory()) ? readdirSync(runsDirectory()).sort().reverse() : [];
  for (const id of runs) {
    const directory = join(runsDirectory(), id);
    if (!existsSync(join(directory, 'run.json'))) continue;
    if (readReport(directory).phases.every(({ error }) => error === undefined)) return directory;
  }
  return null;
}
