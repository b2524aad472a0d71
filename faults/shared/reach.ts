import type { Shell } from '../../harness/model/cluster.ts';

/** What became of a TCP connection: `open` and `refused` both mean that a machine answered. */
export type Reach = 'open' | 'refused' | 'silent';

/** Every node's kubelet listens here, on every cluster. */
export const kubeletPort = 10_250;

/** Opens a TCP connection from a node, with bash alone, and waits at most 1 s for it. */
export async function reach(from: Shell, address: string, port: number, signal: AbortSignal): Promise<Reach> {
  const host = address.includes(':') ? `[${address}]` : address;
  const argv = ['timeout', '1', 'bash', '-c', `exec 3<> /dev/tcp/${host}/${String(port)}`];
  const { exitCode, stderr } = await from.exec(argv, { signal, timeoutMs: 5_000, allowFailure: true });
  if (exitCode === 0) return 'open';
  return /refused/i.test(stderr) ? 'refused' : 'silent';
}
