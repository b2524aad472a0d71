import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Shell } from '../../harness/model/cluster.ts';
import { buildOwnProgram } from '../../harness/toolchain/own-programs.ts';
import { quoted } from './shell-words.ts';

const program = { name: 'netfault', folder: join(import.meta.dirname, '..', 'network', 'netfault') } as const;

/** Where an injection keeps the program on the node: not below /run, which may forbid to execute. */
const folderOf = (mark: string): string => `/var/lib/shakedown-${mark}`;

/**
 * Brings the program to the node and starts it there, where it goes on by itself.
 * @param ready a shell command that succeeds once the program does its work
 * @throws HarnessError `toolchain` | `command-failed` with the program's words
 */
export async function startNetfault(
  shell: Shell,
  mark: string,
  args: readonly string[],
  ready: string,
  signal: AbortSignal,
): Promise<void> {
  const path = await buildOwnProgram(program, () => undefined, signal);
  const folder = folderOf(mark);
  const script = `set -e
mkdir -p ${folder}
cd ${folder}
base64 -d > netfault
chmod 700 netfault
setsid ./netfault ${args.map(quoted).join(' ')} < /dev/null > netfault.log 2>&1 &
for i in $(seq 50); do
  if ${ready}; then exit 0; fi
  sleep 0.1
done
cat netfault.log >&2
exit 1
`;
  await shell.exec(['sh', '-c', script], {
    input: readFileSync(path).toString('base64'),
    signal,
    timeoutMs: 30_000,
  });
}

/** Ends the program and removes it, whatever state it is in. */
export const stopNetfaultScript = (mark: string): string => `
for p in /proc/[0-9]*; do
  case "$(readlink "$p/exe")" in ${folderOf(mark)}/*) kill -KILL "\${p#/proc/}" ;; esac
done 2> /dev/null
rm -rf ${folderOf(mark)}
`;
