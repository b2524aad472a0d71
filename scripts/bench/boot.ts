import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { root } from '../../harness/util/paths.ts';
import { exec } from '../../harness/util/exec.ts';
import type { Bench } from './bench.ts';

const shakedown = join(root, 'bin/shakedown');

async function timed(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const startMs = performance.now();
  await exec([shakedown, ...argv], { signal, timeoutMs: 300_000 });
  return performance.now() - startMs;
}

/** A cluster of nine nodes up to all Ready, and down again, as the commands take it, with everything built before. */
export const benchBoot: Bench = async ({ times, signal, say }) => {
  const up: number[] = [];
  const down: number[] = [];
  for (let n = 1; n <= (times ?? 3); n += 1) {
    const name = `bench-${randomBytes(2).toString('hex')}`;
    try {
      up.push(await timed(['up', name], signal));
    } finally {
      // Down is also the clean-up after a boot that failed; then its time is no figure.
      const tookMs = await timed(['down', name], AbortSignal.timeout(120_000));
      if (up.length > down.length) down.push(tookMs);
    }
    say(
      `boot ${String(n)}: up ${String(Math.round(up.at(-1) ?? 0))} ms, down ${String(Math.round(down.at(-1) ?? 0))} ms`,
    );
  }
  return [
    { name: 'three-zones up: 9 nodes Ready', unit: 'ms', target: 10_000, values: up, note: 'the whole command' },
    { name: 'three-zones down', unit: 'ms', target: 3_000, values: down, note: 'the whole command' },
  ];
};
