import type { Shell } from '../../harness/model/cluster.ts';
import type { Process } from './processes.ts';
import { quoted } from '../../harness/util/shell-words.ts';

/**
 * Sets `$p` to /proc/PID for each process in a control group of that pod or container, and runs the commands. The names of
 * the groups hold the ids on every runtime; systemd's have underscores instead of dashes.
 */
export function forEachContained(id: string, commands: string): string {
  const ids = [...new Set([id, id.replaceAll('-', '_')])].map((each) => `-e ${quoted(each)}`).join(' ');
  return `for f in $(grep -lsF ${ids} /proc/[0-9]*/cgroup); do
  p=\${f%/cgroup}
  [ -r $p/stat ] || continue
  ${commands}
done 2> /dev/null
`;
}

/** The processes of a pod (by its uid, the sandbox included) or of a container (by its id), as the node's kernel has them. */
export async function containedProcesses(shell: Shell, id: string, signal: AbortSignal): Promise<readonly Process[]> {
  const script = `${forEachContained(id, 'echo "${p#/proc/} $(sed \'s/^.*) //\' $p/stat)"')}true`;
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(' '))
    .filter((fields) => fields.length > 20)
    .map((fields) => ({ pid: Number(fields[0]), state: fields[1] ?? '?', startedAt: Number(fields[20]) }));
}

/** Sends a signal to every process of a container; does nothing when there is none. */
export const signalContainedScript = (id: string, signalName: 'KILL' | 'STOP' | 'CONT'): string =>
  `${forEachContained(id, `kill -${signalName} "\${p#/proc/}"`)}true\n`;
