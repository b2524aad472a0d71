import { join } from 'node:path';

import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { layOnNode } from './node-program.ts';
import { forEachProcess } from './processes.ts';
import { runtime } from './runtime.ts';

/** The program that stands between a kubelet and its runtime: see its own source. */
export const proxyProgram = { name: 'criproxy', folder: join(import.meta.dirname, '../node/criproxy') };

/** Only the calls by which the kubelet relists its pods. */
export const relistCalls = ['ListPodSandbox', 'ListContainers'] as const;

const folder = (mark: string): string => `/run/shakedown/${mark}`;
/** Where the runtime itself answers while the proxy has its socket's place. */
export const heldSocket = `${runtime.socket}.held`;

/** It ends by itself after this time, when nobody and no leash has ended it. */
const limit = '30m';

/** Where the proxy dies without a word, the shell around it gives the socket back. */
const startScript = (mark: string, kubelet: number): string => `cd ${folder(mark)}
setsid sh -c '${folder(mark)}/${proxyProgram.name} serve -socket ${runtime.socket} -folder ${folder(mark)} \\
  -client ${String(kubelet)} -hold ${relistCalls.join()} -limit ${limit}
[ ! -S ${heldSocket} ] || mv -f ${heldSocket} ${runtime.socket}' < /dev/null > log 2>&1 &
tries=0
until ./${proxyProgram.name} stats -folder . 2> /dev/null | grep -q '"moved":[1-9]'; do
  tries=$((tries + 1))
  [ $tries -le 100 ] || { cat log >&2; echo 'the proxy did not move the connections of the kubelet' >&2; exit 1; }
  sleep 0.1
done
`;

/** @throws HarnessError `command-failed` with the proxy's words when it does not get hold of the kubelet's connections */
export async function interpose(
  shell: Shell,
  program: string,
  kubelet: number,
  mark: string,
  signal: AbortSignal,
): Promise<void> {
  await layOnNode(shell, program, `${folder(mark)}/${proxyProgram.name}`, signal);
  await shell.exec(['sh', '-c', startScript(mark, kubelet)], { signal, timeoutMs: 30_000 });
}

/** The socket is back first, so that whoever connects again when the proxy dies finds the runtime. */
export const withdrawScript = (mark: string): string => `if [ -S ${heldSocket} ]; then
  mv -f ${heldSocket} ${runtime.socket} || [ ! -e ${heldSocket} ]
fi
${forEachProcess(proxyProgram.name, 'kill -KILL "${p#/proc/}"')}rm -rf ${folder(mark)}
[ ! -e ${heldSocket} ]
`;

/** How many calls of the kubelet's relist came to the proxy and wait there; null when no proxy answers. */
export async function heldCalls(shell: Shell, mark: string, signal: AbortSignal): Promise<number | null> {
  const argv = ['timeout', '3', `${folder(mark)}/${proxyProgram.name}`, 'stats', '-folder', folder(mark)];
  const { stdout, exitCode } = await shell.exec(argv, { signal, timeoutMs: 10_000, allowFailure: true });
  if (exitCode !== 0) return null;
  const { held } = JSON.parse(stdout) as { readonly held: Readonly<Record<string, number>> };
  return relistCalls.reduce((sum, method) => sum + (held[method] ?? 0), 0);
}

/** @throws HarnessError `refused` where the runtime's socket is elsewhere or its place is taken already */
export async function refuseOtherSockets(shell: Shell, signal: AbortSignal): Promise<void> {
  const options = { signal, timeoutMs: 10_000, allowFailure: true };
  const look = `[ -S ${runtime.socket} ] || exit 4; [ ! -e ${heldSocket} ] || exit 5`;
  const { exitCode } = await shell.exec(['sh', '-c', look], options);
  if (exitCode === 4) throw new HarnessError('refused', `${shell.name} has no runtime socket ${runtime.socket}`);
  if (exitCode === 5)
    throw new HarnessError('refused', `${shell.name} has ${heldSocket} already: a stall is there, or was left there`);
}
