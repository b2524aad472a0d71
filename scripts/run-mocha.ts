import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { command, type CommandOptions, type Ended } from './command.ts';
import type { Tally } from './tally.ts';

/** Runs mocha in a process of its own. A process that ends without a tally, or that fails without a failed test, is a failure. */
export async function runMocha(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<{ readonly ended: Ended; readonly tally: Tally }> {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-tally-'));
  const file = join(folder, 'tally.json');
  try {
    const argv = ['mocha', '--forbid-only', '--reporter', './scripts/counting-reporter.ts', ...args];
    const ended = await command(argv, { ...options, env: { ...options.env, SHAKEDOWN_TALLY: file } });
    const counted = readTally(file);
    const failed = ended.ok ? counted.failed : Math.max(1, counted.failed);
    return { ended, tally: { ...counted, failed } };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readTally(file: string): Tally {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tally;
  } catch {
    // Mocha was killed, or could not load a spec: nothing was counted, and that is not a pass.
    return { passed: 0, failed: 1, skipped: [] };
  }
}
