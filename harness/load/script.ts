import { fileURLToPath } from 'node:url';

import { toMs } from '../model/duration.ts';
import { HarnessError } from '../model/errors.ts';
import type { LoadProfile } from '../model/scenario.ts';
import type { LoadPath } from '../model/workload.ts';

/** Samples 25 ms apart on each path and mode; a request is given up after 2 s. */
export const defaultProfile: LoadProfile = { rate: 40, timeout: '2s', modes: ['new', 'reused'] };

/** The input of scripts/open-loop.ts. */
export interface LoadScript {
  readonly paths: readonly LoadPath[];
  readonly modes: LoadProfile['modes'];
  readonly rate: number;
  readonly timeoutMs: number;
  /** k6's virtual users per path and mode: as many requests can be under way at once. */
  readonly virtualUsers: number;
  readonly duration: string;
}

const scriptFile = fileURLToPath(new URL('scripts/open-loop.ts', import.meta.url));

/**
 * What k6 is told to do.
 * @throws HarnessError `bad-input` naming the field that is wrong
 */
export function loadScript(paths: readonly LoadPath[], profile: LoadProfile): LoadScript {
  const { rate, modes } = profile;
  const timeoutMs = toMs(profile.timeout, 'load.timeout');
  const bad = (field: string, expected: string, found: unknown): never => {
    throw new HarnessError('bad-input', `load.${field}: expected ${expected}, found ${JSON.stringify(found)}`);
  };
  // Above 200 the schedule is finer than a busy machine keeps, and a dropped request could not be told from a late one.
  if (!Number.isInteger(rate) || rate < 1 || rate > 200) bad('rate', 'a whole number of requests from 1 to 200', rate);
  if (timeoutMs < 10 || timeoutMs > 60_000) bad('timeout', 'from 10ms to 60s', profile.timeout);
  if (modes.length === 0 || new Set(modes).size < modes.length) bad('modes', 'new, reused or both', modes);
  if (paths.length === 0) bad('paths', 'at least one path', paths);
  const twice = paths.find(({ name }, index) => paths.findIndex((other) => other.name === name) !== index);
  if (twice) bad('paths', 'a name of its own for each path', twice.name);
  return {
    paths: paths.map(({ name, url }) => ({ name, url })),
    modes,
    rate,
    timeoutMs,
    virtualUsers: Math.ceil((rate * timeoutMs) / 1_000) + 10,
    duration: '24h',
  };
}

/**
 * The command that runs the script. k6 sees nothing of the caller's environment: a proxy or a K6_ variable in it would
 * silently make another test. It goes before other work on the processor: its lateness is our error bar. Its standard error joins the output, so that its last words are not lost; and as the
 * output is a pipe, k6 ends with the harness that reads it.
 */
export function k6Command(k6: string, script: LoadScript, home: string): readonly string[] {
  const environment = [`HOME=${home}`, `LOAD=${JSON.stringify(script)}`, 'NO_PROXY=*'];
  const quiet = ['--quiet', '--no-color', '--no-usage-report', '--no-thresholds', '--summary-mode', 'disabled'];
  const output = ['--log-output', 'stdout', '--log-format', 'raw'];
  // Port 0: the API of k6, which nobody calls, must not take a port of the place.
  const run = [k6, 'run', '--address', 'localhost:0', ...quiet, ...output, scriptFile];
  return ['sh', '-c', 'exec "$@" 2>&1', 'sh', 'nice', '-n', '-20', 'env', '-i', ...environment, ...run];
}
