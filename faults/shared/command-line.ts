import type { Shell } from '../../harness/model/cluster.ts';

/** The value of `--FLAG=` on the command line of a process of the node; empty when it is not given. */
export async function flagOf(shell: Shell, pid: number, flag: string, signal: AbortSignal): Promise<string> {
  const script = `tr '\\0' '\\n' < /proc/${String(pid)}/cmdline | sed -n 's/^--${flag}=//p'`;
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  return stdout.trim();
}
