import type { Shell } from '../../harness/model/cluster.ts';

/** Nobody listens there (discard), and no answer is needed. */
const port = 9;
const packetBytes = 1_400;

/** For a second and a half, or until `mostBytes` are sent; prints what the link's own counter says has left, the time it took, and what was sent. */
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
echo "$(( $(cat $count) - before )) $(( e - s )) $(( i * ${String(packetBytes)} ))"
`;

export interface Sending {
  /** What left the link, in kbit/s, other traffic included. */
  readonly left: number;
  /** What was given to it, in kbit/s: on a busy machine a shell gives little. */
  readonly given: number;
}

/** How fast a node can send: with bash alone it sends datagrams that nobody takes, and the link's counter tells what has left. */
export async function sendingRate(
  from: Shell,
  link: string,
  address: string,
  mostBytes: number,
  signal: AbortSignal,
): Promise<Sending> {
  const argv = ['bash', '-c', script(link, address, mostBytes)];
  const { stdout } = await from.exec(argv, { signal, timeoutMs: 20_000 });
  const [bytes = 0, tookUs = 1, sent = 0] = stdout.trim().split(' ').map(Number);
  const rate = (count: number): number => Math.round((count * 8_000) / Math.max(1, tookUs));
  return { left: rate(bytes), given: rate(sent) };
}
