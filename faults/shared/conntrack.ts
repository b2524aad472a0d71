import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';

/** On every entry that we make; nothing else on a Kubernetes node uses it (kube-proxy marks packets, not connections). */
const mark = 64_206;
const lifetimeSeconds = 600;

/**
 * Fills the table with entries between addresses of 240.0.0.0/4, which no machine has. ASSURED, or the kernel would throw them
 * out first when the table is full.
 */
export const fillScript = (max: number): string =>
  `awk 'BEGIN { for (i = 0; i < ${String(Math.ceil(max * 1.05))}; i++) printf ` +
  `"-A -p tcp -s 240.%d.%d.%d -d 240.0.0.1 --sport %d --dport 9 --state ESTABLISHED -u ASSURED,SEEN_REPLY -m ${String(mark)} -t ${String(lifetimeSeconds)}\\n", ` +
  `int(i / 65536) % 256, int(i / 256) % 256, i % 256, 1024 + i % 60000 }' | conntrack -R /dev/stdin > /dev/null 2>&1\n`;

/** Ends a fill that outlived the harness: it would go on behind the drain. A node has no other `conntrack -R`. */
const endFill = `for p in /proc/[0-9]*; do
  read -r comm < $p/comm 2> /dev/null && [ "$comm" = conntrack ] || continue
  tr '\\0' ' ' < $p/cmdline 2> /dev/null | grep -q -e ' -R ' && kill -9 "\${p#/proc/}" 2> /dev/null
  tries=0; while [ -e $p/fd/0 ] && [ $tries -lt 40 ]; do tries=$((tries + 1)); sleep 0.05; done
done
`;

/**
 * Deletes our entries; succeeds only when none is left. One at a time in a network, whose own file is the lock: of two at once (a
 * heal and the leash) each would stop at the first entry that the other one has taken.
 */
export const drainScript =
  endFill +
  `( flock 9; conntrack -D -m ${String(mark)} > /dev/null 2>&1 ) 9< /proc/self/ns/net\n` +
  `[ "$(conntrack -L -m ${String(mark)} 2> /dev/null | wc -l)" -eq 0 ]\n`;

export interface ConntrackState {
  readonly count: number;
  readonly max: number;
  /** Packets dropped because the table was full, since the node's network began. */
  readonly dropped: number;
}

/** @throws HarnessError `command-failed` where the node has no conntrack */
export async function conntrackState(shell: Shell, signal: AbortSignal): Promise<ConntrackState> {
  const script = 'conntrack -C && cat /proc/sys/net/netfilter/nf_conntrack_max && conntrack -S';
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  const [count, max, ...statistics] = stdout.split('\n');
  const state = {
    count: Number(count),
    max: Number(max),
    dropped: statistics.reduce((sum, line) => sum + Number(/ drop=(\d+)/.exec(line)?.[1] ?? 0), 0),
  };
  if (!Number.isInteger(state.count) || !(state.max > 0))
    throw new HarnessError('command-failed', `conntrack on ${shell.name} said: ${stdout.slice(0, 200)}`);
  return state;
}

export async function markedEntries(shell: Shell, signal: AbortSignal): Promise<number> {
  const script = `conntrack -L -m ${String(mark)} 2> /dev/null | wc -l`;
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 30_000 });
  return Number(stdout.trim());
}
