import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';

/**
 * The name of the link over which a node talks to an address, such as `eth0`.
 * @throws HarnessError `command-failed` where the node has no way there
 */
export async function linkTowards(shell: Shell, address: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await shell.exec(['ip', 'route', 'get', address], { signal, timeoutMs: 10_000 });
  const link = / dev (\S+)/.exec(stdout)?.[1];
  if (link === undefined || link === 'lo')
    throw new HarnessError('command-failed', `${shell.name} has no link towards ${address}: ${stdout.slice(0, 200)}`);
  return link;
}
