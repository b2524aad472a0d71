import { availableParallelism } from 'node:os';

import { formatMs } from '../harness/model/duration.ts';
import { command, type Ended } from './command.ts';
import { runGoTests } from './go-tests.ts';
import { runMocha } from './run-mocha.ts';
import { add, type Tally } from './tally.ts';

interface Check {
  readonly name: string;
  run(signal: AbortSignal): Promise<{ readonly ended: Ended; readonly tally: Tally }>;
}

/** A check that either passes or fails, and counts as one. */
const whole = (name: string): Check => ({
  name,
  run: async (signal) => {
    const ended = await command(['npm', 'run', '--silent', name], { signal });
    return { ended, tally: { passed: ended.ok ? 1 : 0, failed: ended.ok ? 0 : 1, skipped: [] } };
  },
});

const specs = (name: string, folders: readonly string[]): Check => ({
  name,
  run: (signal) => runMocha(['--forbid-pending', ...folders.map((folder) => `${folder}/**/*.test.ts`)], { signal }),
});

/** What is checked without a cluster, the slowest first so that they overlap best. */
const checks: readonly Check[] = [
  specs('faults', ['faults']),
  specs('unit', ['harness', 'reports', 'workloads', 'scripts']),
  whole('lint'),
  specs('self', ['suites/self']),
  whole('types'),
  whole('format'),
  { name: 'go', run: runGoTests },
  whole('readme-tables'),
  whole('proofs'),
];

/** Two more than there are processors: the tests of faults and the unit tests mostly wait for time-outs. */
const atOnce = Math.max(2, availableParallelism()) + 2;

/** Runs every check, several at once; each prints a line, and its output only if it fails. */
export async function runChecks(signal: AbortSignal): Promise<Tally> {
  const waiting = [...checks];
  const tallies: Tally[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const { ended, tally } = await next.run(signal);
      tallies.push(tally);
      const ok = tally.failed === 0;
      console.log(lineOf(next.name, ended, tally));
      if (!ok) console.log(whatFailed(ended.output).replace(/^/gm, '    '));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return add(...tallies);
}

function lineOf(name: string, { tookMs }: Ended, { passed, failed, skipped }: Tally): string {
  const [reason] = skipped;
  if (reason !== undefined && passed + failed === 0) return `skip   ${name.padEnd(22)} ${reason}`;
  const counted = passed + failed > 1 ? ` ${String(passed)} passed, ${String(failed)} failed` : '';
  return `${failed === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(13)} ${formatMs(tookMs).padStart(8)}${counted}`;
}

/** Of mocha's report the failures alone; of any other, or of a mocha that did not come to its end, everything. */
function whatFailed(output: string): string {
  const failures = /^ {2}\d+ failing$/m.exec(output);
  return output.slice(failures?.index ?? 0).trimEnd();
}
