import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';

/**
 * What a member of etcd counts of itself, in the order of the names: over port 2381 of loopback, with bash alone.
 * @throws HarnessError `refused` when it does not serve one of them there
 */
export async function etcdMetrics(
  shell: Shell,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  const talk =
    "exec 3<> /dev/tcp/127.0.0.1/2381; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; " +
    `grep -E '^(${names.join('|')}) ' <&3`;
  const { stdout } = await shell.exec(['timeout', '5', 'bash', '-c', talk], {
    signal,
    timeoutMs: 10_000,
    allowFailure: true,
  });
  return names.map((name) => {
    const value = Number(new RegExp(`^${name} (\\S+)`, 'm').exec(stdout)?.[1]);
    if (!Number.isNaN(value)) return value;
    throw new HarnessError('refused', `etcd on ${shell.name} does not serve ${name} on port 2381 of loopback`);
  });
}
