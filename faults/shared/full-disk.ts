import type { Shell } from '../../harness/model/cluster.ts';

/** Where the kubelet makes a folder for each pod before any container of it starts. */
export const logs = '/var/log/pods';

const source = (mark: string): string => `shakedown_${mark}`;

/** Two inodes are the folder itself and the file that takes the space, so that not even an empty folder has room. */
export const fillScript = (mark: string): string => `set -e
[ -d ${logs} ]
grep -q '^${source(mark)} ' /proc/self/mounts || mount -t tmpfs -o size=1m,nr_inodes=2,mode=755 ${source(mark)} ${logs}
head -c 2097152 /dev/zero > ${logs}/.shakedown-fills-this 2> /dev/null || true
`;

/** Lazily, because the kubelet may be looking into it; succeeds when it is not mounted. */
export const unfillScript = (mark: string): string => `tries=0
while grep -q '^${source(mark)} ' /proc/self/mounts && [ $tries -lt 20 ]; do
  umount -l ${logs}
  tries=$((tries + 1))
done
! grep -q '^${source(mark)} ' /proc/self/mounts
`;

export async function mountedCount(shell: Shell, mark: string, signal: AbortSignal): Promise<number> {
  const script = `grep -c '^${source(mark)} ' /proc/self/mounts; true`;
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  return Number(stdout.trim());
}

/** Makes a folder there and takes it away again. @returns what the kernel had against it; empty when nothing */
export async function tryToWrite(shell: Shell, folder: string, mark: string, signal: AbortSignal): Promise<string> {
  const script = `LC_ALL=C mkdir ${folder}/.probe-${mark} && rmdir ${folder}/.probe-${mark}`;
  const options = { signal, timeoutMs: 10_000, allowFailure: true };
  const { exitCode, stderr } = await shell.exec(['sh', '-c', script], options);
  return exitCode === 0 ? '' : stderr.trim() || `exit code ${String(exitCode)}`;
}
