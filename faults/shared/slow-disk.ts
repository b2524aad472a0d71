import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { quoted } from '../../harness/util/shell-words.ts';

/** Where version 1 of control groups limits what a process does to a disk. */
const hierarchy = '/sys/fs/cgroup/blkio';

/** What of a process and its disk a plan keeps. */
export type DiskUse = {
  /** The group that it is in, and goes back to. */
  readonly group: string;
  /** `major:minor` of the disk that holds its data. */
  readonly device: string;
};

/**
 * The disk under a folder of the process, and its group.
 * @throws HarnessError `refused` where the kernel cannot limit it
 */
export async function diskUse(shell: Shell, pid: number, folder: string, signal: AbortSignal): Promise<DiskUse> {
  const script = `[ -e ${hierarchy}/blkio.throttle.write_iops_device ] || { echo 'no throttle'; exit 0; }
sed -n 's/^[0-9]*:blkio:/group /p' /proc/${String(pid)}/cgroup
stat -c 'device %Hd:%Ld' ${quoted(folder)}
`;
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  const group = /^group (.+)$/m.exec(stdout)?.[1];
  const device = /^device (\d+:\d+)$/m.exec(stdout)?.[1];
  if (group === undefined || device === undefined || device.startsWith('0:'))
    throw new HarnessError(
      'refused',
      `The disk under ${folder} of ${shell.name} cannot be slowed down: that needs control groups of version 1 with blkio, and a disk of its own (found ${stdout.trim().replaceAll('\n', ', ') || 'nothing'})`,
    );
  return { group, device };
}

const folderOf = (mark: string): string => `${hierarchy}/shakedown_${mark}`;

/** Limits the writes of the process, and of the threads that it will start, to so many a second. */
export const slowScript = (mark: string, pid: number, { device }: DiskUse, writesPerSecond: number): string => `set -e
mkdir -p ${folderOf(mark)}
echo '${device} ${String(writesPerSecond)}' > ${folderOf(mark)}/blkio.throttle.write_iops_device
for t in /proc/${String(pid)}/task/*; do echo "\${t##*/}" > ${folderOf(mark)}/tasks 2> /dev/null || true; done
grep -q . ${folderOf(mark)}/tasks
`;

/** Lifts the limit, puts every thread back, and removes the group; does nothing where there is none. */
export const unslowScript = (mark: string, { group, device }: DiskUse): string => `d=${folderOf(mark)}
[ -d $d ] || exit 0
echo '${device} 0' > $d/blkio.throttle.write_iops_device
for n in 1 2 3 4 5 6 7 8 9 10; do
  while read -r t; do echo "$t" > ${quoted(`${hierarchy}${group === '/' ? '' : group}/tasks`)} || true; done < $d/tasks
  rmdir $d 2> /dev/null && exit 0
  sleep 0.2
done 2> /dev/null
[ ! -d $d ]
`;

/** How many threads are limited; null when there is no such group. */
export async function slowedThreads(shell: Shell, mark: string, signal: AbortSignal): Promise<number | null> {
  const script = `[ -d ${folderOf(mark)} ] && wc -l < ${folderOf(mark)}/tasks`;
  const { stdout, exitCode } = await shell.exec(['sh', '-c', script], {
    signal,
    timeoutMs: 10_000,
    allowFailure: true,
  });
  return exitCode === 0 ? Number(stdout.trim()) : null;
}
