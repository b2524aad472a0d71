import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';

import { HarnessError } from '../harness/model/errors.ts';
import { buildEnvironment, findGo } from '../harness/toolchain/sources/go-environment.ts';
import { root } from '../harness/util/paths.ts';
import { command, type Ended } from './command.ts';
import { add, nothing, type Tally } from './tally.ts';

/** The folders of our own Go programs that have tests, relative to the root; each is a module. */
export const goFolders = (): readonly string[] =>
  [...new Set(globSync('{faults,harness,workloads}/**/*_test.go', { cwd: root }).map((file) => dirname(file)))].sort();

/** Counts the tests that `go test -v` tells of; what fails without one, such as a build, is one failure. */
export function countGoTests({ ok, output }: Pick<Ended, 'ok' | 'output'>): Tally {
  const count = (word: string): number => [...output.matchAll(new RegExp(`^--- ${word}: `, 'gm'))].length;
  return { ...nothing, passed: count('PASS'), failed: Math.max(ok ? 0 : 1, count('FAIL')) };
}

/** Tests the Go programs of this repository, with the settings that they are built with. Without Go they are skipped. */
export async function runGoTests(signal: AbortSignal): Promise<{ readonly ended: Ended; readonly tally: Tally }> {
  let ended: Ended = { pid: undefined, ok: true, output: '', tookMs: 0 };
  let tally = nothing;
  try {
    const { path } = await findGo('and test the programs that faults and workloads bring', signal);
    for (const folder of goFolders()) {
      const argv = [path, 'test', '-C', folder, '-trimpath', '-v', './...'];
      const one = await command(argv, { env: buildEnvironment(tmpdir()), signal });
      tally = add(tally, countGoTests(one));
      const { ok, output, tookMs } = ended;
      ended = { pid: one.pid, ok: ok && one.ok, output: output + one.output, tookMs: tookMs + one.tookMs };
    }
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'toolchain') throw error;
    tally = { ...nothing, skipped: [`the tests of Go programs: ${error.message}`] };
  }
  return { ended, tally };
}
