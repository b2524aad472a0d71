import type { Shell } from '../../harness/model/cluster.ts';
import { quoted } from '../../harness/util/shell-words.ts';

/** The status line of an HTTP answer, or why there is none. */
export type HttpAnswer = { readonly status: string } | { readonly none: 'refused' | 'silent' };

/** Where the kubelet says that it is well, on the node itself. */
export const kubeletHealth = { port: 10_248, path: '/healthz' };

/** Asks a server of the node over loopback, with bash alone, and waits at most 1 s. */
export async function askLocal(shell: Shell, port: number, path: string, signal: AbortSignal): Promise<HttpAnswer> {
  const script =
    `exec 3<> /dev/tcp/127.0.0.1/${String(port)} || exit 7; ` +
    `printf 'GET %s HTTP/1.0\\r\\n\\r\\n' ${quoted(path)} >&3; head -n 1 <&3`;
  const { stdout, exitCode } = await shell.exec(['timeout', '1', 'bash', '-c', script], {
    signal,
    timeoutMs: 5_000,
    allowFailure: true,
  });
  if (stdout.trim() !== '') return { status: stdout.trim() };
  return { none: exitCode === 7 || exitCode === 1 ? 'refused' : 'silent' };
}

export const tellAnswer = (answer: HttpAnswer): string =>
  'status' in answer ? `answers ${answer.status}` : `is ${answer.none}`;
