import type { Shell } from '../../harness/model/cluster.ts';

/** What became of connections opened at the same moment, and how often this node's kernel had to ask again for one. */
export interface ConnectTimes {
  /** Milliseconds until each was open; null when it was not within the limit. */
  readonly tookMs: readonly (number | null)[];
  /** SYN packets sent again by the whole node meanwhile (TCPSynRetrans of the kernel). */
  readonly retransmitted: number;
}

const script = (address: string, port: number, count: number, limitSeconds: number): string => `
retransmitted() { awk '$1 == "TcpExt:" && !n { n = split($0, names); next } $1 == "TcpExt:" { for (i = 2; i <= n; i++) if (names[i] == "TCPSynRetrans") print $i }' /proc/net/netstat; }
before=$(retransmitted)
for i in $(seq ${String(count)}); do
  timeout ${String(limitSeconds)} bash -c 's=$EPOCHREALTIME; exec 3<> /dev/tcp/${address}/${String(port)} && e=$EPOCHREALTIME && echo "took $(( \${e/[.,]/} - \${s/[.,]/} ))"' 2> /dev/null || echo lost &
done
wait
echo "retransmitted $(( $(retransmitted) - before ))"
`;

/** Opens `count` TCP connections from a node, with bash alone. */
export async function connectTimes(
  from: Shell,
  address: string,
  port: number,
  {
    count,
    limitSeconds,
    signal,
  }: { readonly count: number; readonly limitSeconds: number; readonly signal: AbortSignal },
): Promise<ConnectTimes> {
  const { stdout } = await from.exec(['bash', '-c', script(address, port, count, limitSeconds)], {
    signal,
    timeoutMs: limitSeconds * 1_000 + 15_000,
  });
  const lines = stdout.split('\n');
  const tookMs = lines.flatMap((line) => {
    if (line === 'lost') return [null];
    const took = /^took (\d+)$/.exec(line)?.[1];
    return took === undefined ? [] : [Number(took) / 1_000];
  });
  return { tookMs, retransmitted: Number(/^retransmitted (\d+)$/m.exec(stdout)?.[1] ?? 0) };
}
