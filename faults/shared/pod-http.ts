import type { Shell } from '../../harness/model/cluster.ts';
import type { HttpAnswer } from './http-answer.ts';
import { quoted } from '../../harness/util/shell-words.ts';

/** Sends a request without a body over bash's own sockets, waits at most 1 s, and prints the status line. */
export function requestScript(method: 'GET' | 'POST', address: string, port: number, path: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  const talk =
    `exec 3<> /dev/tcp/${host}/${String(port)} || exit 7; ` +
    `printf "${method} %s HTTP/1.0\\r\\n\\r\\n" ${quoted(path)} >&3; head -n 1 <&3`;
  return `timeout 1 bash -c ${quoted(talk)}\n`;
}

/** Asks a server in a pod from a node. */
export async function askPod(
  shell: Shell,
  request: { readonly method?: 'GET' | 'POST'; readonly address: string; readonly port: number; readonly path: string },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { method = 'GET', address, port, path } = request;
  const argv = ['sh', '-c', requestScript(method, address, port, path)];
  const { stdout, exitCode } = await shell.exec(argv, { signal, timeoutMs: 5_000, allowFailure: true });
  if (stdout.trim() !== '') return { status: stdout.trim() };
  return { none: exitCode === 7 || exitCode === 1 ? 'refused' : 'silent' };
}
