import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { quoted } from '../../harness/util/shell-words.ts';

/** A process as /proc shows it. */
export interface Process {
  readonly pid: number;
  /** R, S, D, T (stopped) ... */
  readonly state: string;
  /** Clock ticks since boot: tells a restarted process from the old one even when the pid is the same. */
  readonly startedAt: number;
}

/**
 * Sets `$p` to /proc/PID for each process of that name that belongs to the node itself, and runs the commands.
 * A pod may run a program of the same name (a data service on etcd), but not in the node's network namespace.
 */
export function forEachProcess(name: string, commands: string): string {
  return `for p in /proc/[0-9]*; do
  read -r comm < $p/comm || continue
  [ "$comm" = ${quoted(name.slice(0, 15))} ] || continue
  [ "$(readlink $p/ns/net)" = "$(readlink /proc/self/ns/net)" ] || continue
  ${commands}
done 2> /dev/null
`;
}

/** The node's own processes of that name, such as its etcd or kubelet. */
export async function processesOf(shell: Shell, name: string, signal: AbortSignal): Promise<readonly Process[]> {
  const script = `${forEachProcess(name, 'echo "${p#/proc/} $(sed \'s/^.*) //\' $p/stat)"')}true`;
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      // After the name: the state is the first field, the start time the twentieth (proc_pid_stat(5), fields 3 and 22).
      const fields = line.split(' ');
      return { pid: Number(fields[0]), state: fields[1] ?? '?', startedAt: Number(fields[20]) };
    });
}

/**
 * Sends a signal to the node's one process of that name.
 * @throws HarnessError `command-failed` when there is none, or more than one and none may be guessed
 */
export async function signalProcess(
  shell: Shell,
  name: string,
  signalName: 'KILL' | 'STOP' | 'TERM',
  signal: AbortSignal,
): Promise<Process> {
  const [found, ...others] = await processesOf(shell, name, signal);
  if (found === undefined || others.length > 0) {
    const count = found === undefined ? 'no process' : `${String(others.length + 1)} processes`;
    throw new HarnessError('command-failed', `${shell.name} runs ${count} named ${name}, where one was expected`);
  }
  await shell.exec(['sh', '-c', `kill -${signalName} ${String(found.pid)}`], { signal, timeoutMs: 10_000 });
  return found;
}

/** Lets every stopped process of that name go on; does nothing to the others. */
export const resumeScript = (name: string): string =>
  forEachProcess(name, 'kill -CONT "${p#/proc/}"; resumed=1') + 'true\n';
