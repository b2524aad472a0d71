import type { Shell } from '../../harness/model/cluster.ts';
import type { Process } from './processes.ts';

/** The process, the service and the socket of the container runtime, on kind's nodes as on local ones. */
export const runtime = { program: 'containerd', socket: '/run/containerd/containerd.sock' };

/** What a client of the runtime gets within 2 s; `silent` is a runtime that takes the connection and says nothing. */
export async function askRuntime(shell: Shell, signal: AbortSignal): Promise<'answers' | 'silent' | 'refused'> {
  const argv = ['timeout', '2', 'ctr', '--address', runtime.socket, 'version'];
  const { exitCode } = await shell.exec(argv, { signal, timeoutMs: 10_000, allowFailure: true });
  if (exitCode === 0) return 'answers';
  return exitCode === 124 ? 'silent' : 'refused';
}

/** The state is the first word after the name, the parent the second, the start time the twentieth (proc_pid_stat(5)). */
const containersScript = `shims=
for p in /proc/[0-9]*; do
  read -r comm < $p/comm || continue
  case "$comm" in containerd-shim*) shims="$shims \${p#/proc/} " ;; esac
done 2> /dev/null
for p in /proc/[0-9]*; do
  stat=$(cat $p/stat) || continue
  set -- \${stat##*) }
  case "$shims" in *" $2 "*) echo "\${p#/proc/} $1 \${20}" ;; esac
done 2> /dev/null
true
`;

/** The first process of every container on the node. */
export async function containersOf(shell: Shell, signal: AbortSignal): Promise<readonly Process[]> {
  const { stdout } = await shell.exec(['sh', '-c', containersScript], { signal, timeoutMs: 10_000 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [pid, state = '?', startedAt] = line.split(' ');
      return { pid: Number(pid), state, startedAt: Number(startedAt) };
    });
}

/** Tells a container's first process from any later one, in a plan. */
export const identityOf = ({ pid, startedAt }: Process): string => `${String(pid)}@${String(startedAt)}`;

/** Those of the planned containers that still run, and are not stopped. */
export const survivors = (planned: readonly string[], now: readonly Process[]): readonly Process[] =>
  now.filter((container) => container.state !== 'T' && planned.includes(identityOf(container)));

/** `4 of 4 containers go on`, for evidence. */
export const tellSurvivors = (planned: readonly string[], now: readonly Process[]): string =>
  `${String(survivors(planned, now).length)} of ${String(planned.length)} containers go on`;
