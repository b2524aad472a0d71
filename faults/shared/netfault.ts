import { join } from 'node:path';

import type { Cluster } from '../../harness/model/cluster.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { buildForNodes, layOnNode } from './node-program.ts';
import { quoted } from '../../harness/util/shell-words.ts';

const program = { name: 'netfault', folder: join(import.meta.dirname, '..', 'network', 'netfault') } as const;

/** Where an injection keeps the program on the node: not below /run, which may forbid to execute. */
const folderOf = (mark: string): string => `/var/lib/shakedown-${mark}`;

/** @returns its path on the harness's machine @throws HarnessError `refused` | `toolchain` */
export const buildNetfault = async (cluster: Cluster, signal: AbortSignal): Promise<string> =>
  buildForNodes(cluster, program, signal);

/**
 * Brings the program to the node and starts it there, where it goes on by itself.
 * @param ready a shell command that succeeds once the program does its work
 * @throws HarnessError `refused` | `toolchain` | `command-failed` with the program's words
 */
export async function startNetfault(
  { cluster, mark, signal }: FaultContext,
  node: string,
  args: readonly string[],
  ready: string,
): Promise<void> {
  const shell = cluster.node(node);
  const folder = folderOf(mark);
  await layOnNode(shell, await buildNetfault(cluster, signal), `${folder}/netfault`, signal);
  const script = `cd ${folder} || exit 1
setsid ./netfault ${args.map(quoted).join(' ')} < /dev/null > netfault.log 2>&1 &
for i in $(seq 50); do
  if ${ready}; then exit 0; fi
  sleep 0.1
done
cat netfault.log >&2
exit 1
`;
  await shell.exec(['sh', '-c', script], { signal, timeoutMs: 30_000 });
}

/** Ends the program and removes it, whatever state it is in. */
export const stopNetfaultScript = (mark: string): string => `
for p in /proc/[0-9]*; do
  case "$(readlink "$p/exe")" in ${folderOf(mark)}/*) kill -KILL "\${p#/proc/}" ;; esac
done 2> /dev/null
rm -rf ${folderOf(mark)}
`;
