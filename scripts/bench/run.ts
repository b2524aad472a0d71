import { join } from 'node:path';

import { root, runsDirectory } from '../../harness/util/paths.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { exec } from '../../harness/util/exec.ts';
import type { Bench } from './bench.ts';
import type { Figure } from './figure.ts';
import { spacings, steadyTime } from './spacing.ts';

const scenario = 'etcd-leader-loss';
const spacingMs = 50;

/** A chaos scenario with a 10 s fault, with its own cluster, from the command to the report; and how close its samples lay. */
export const benchRun: Bench = async ({ times, signal, say }) => {
  const took: number[] = [];
  const gaps = new Map<string, number[]>();
  const outcomes: string[] = [];
  for (let n = 1; n <= (times ?? 1); n += 1) {
    const startMs = performance.now();
    const argv = [join(root, 'bin/shakedown'), 'run', scenario, '--json'];
    const { stdout } = await exec(argv, { signal, timeoutMs: 600_000, allowFailure: true });
    const report = JSON.parse(stdout) as RunReport;
    outcomes.push(report.outcome);
    say(`run ${String(n)}: ${report.outcome}: ${report.because}`);
    if (report.phases.some(({ error }) => error !== undefined)) continue;
    took.push(performance.now() - startMs);
    const history = readHistory(join(runsDirectory(), report.id));
    const steady = steadyTime(history);
    for (const [path, values] of steady === null ? [] : spacings(history, steady.fromMs, steady.toMs))
      gaps.set(path, [...(gaps.get(path) ?? []), ...values]);
  }
  const note = `${scenario}, boot and removal included: ${outcomes.join(', ')}`;
  const whole: Figure = { name: 'chaos scenario, command to report', unit: 'ms', target: 60_000, values: took, note };
  const spacing = [...gaps].map(([path, values]): Figure => ({
    name: `sample spacing, ${path}`,
    unit: 'ms',
    target: spacingMs,
    values,
  }));
  return [whole, ...spacing];
};
