import type { Shell } from '../../harness/model/cluster.ts';

/** What became of bytes sent over a new TCP connection, after a while: how many of each were not acknowledged. */
export interface StuckBytes {
  readonly small: number;
  readonly large: number;
}

/** The kernel's own list of connections names the other end in hexadecimal, each address in the machine's byte order. */
function inKernelWords(address: string, port: number): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return `${bytes.toReversed().join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

/** 100 bytes fit into any packet; 4000 do not fit into one, so that the first of them is a full one. */
const script = (address: string, port: number): string => `
unacknowledged() { awk -v to=${inKernelWords(address, port)} '$3 == to && $4 == "01" { split($5, queues, ":"); print queues[1] }' /proc/net/tcp | sort | tail -n 1; }
exec 3<> /dev/tcp/${address}/${String(port)} || exit 1
printf '%0100d' 0 >&3
sleep 0.3
small=$(unacknowledged)
printf '%04000d' 0 >&3
sleep 0.7
large=$(unacknowledged)
echo "tx_queue $(( 16#\${small:-0} )) $(( 16#\${large:-0} ))"
`;

/** Null when there was no connection. IPv4 only. */
export async function stuckBytes(
  from: Shell,
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<StuckBytes | null> {
  const argv = ['timeout', '4', 'bash', '-c', script(address, port)];
  const { stdout } = await from.exec(argv, { signal, timeoutMs: 10_000, allowFailure: true });
  const [, small, large] = /^tx_queue (\d+) (\d+)$/m.exec(stdout) ?? [];
  return small === undefined ? null : { small: Number(small), large: Number(large) };
}
