import type { Shell } from '../../harness/model/cluster.ts';

/** Nobody listens there (discard), and no answer is needed. */
const port = 9;
const packetBytes = 1_400;

/** For a second and a half, or until `mostBytes` are sent; prints what the link's own counter says has left, and the time it took. */
const script = (link: string, address: string, mostBytes: number): string => `
count=/sys/class/net/${link}/statistics/tx_bytes
exec 3<> /dev/udp/${address}/${String(port)} || exit 1
packet=$(printf '%0${String(packetBytes)}d' 0)
before=$(cat $count)
s=\${EPOCHREALTIME/[.,]/}
for (( i = 0; i < ${String(Math.ceil(mostBytes / packetBytes))}; i++ )); do
  printf %s "$packet" >&3 2> /dev/null
  [ $(( \${EPOCHREALTIME/[.,]/} - s )) -lt 1500000 ] || break
done
e=\${EPOCHREALTIME/[.,]/}
echo "$(( $(cat $count) - before )) $(( e - s ))"
`;

/**
 * How fast a node can send, in kbit/s: with bash alone it sends datagrams that nobody takes, and the link's counter tells
 * what has left, other traffic included.
 */
export async function sendingRate(
  from: Shell,
  link: string,
  address: string,
  mostBytes: number,
  signal: AbortSignal,
): Promise<number> {
  const argv = ['bash', '-c', script(link, address, mostBytes)];
  const { stdout } = await from.exec(argv, { signal, timeoutMs: 20_000 });
  const [bytes = 0, tookUs = 1] = stdout.trim().split(' ').map(Number);
  return Math.round((bytes * 8_000) / Math.max(1, tookUs));
}
