import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';

/** What shapes the traffic that leaves a link, in tc's words: `noqueue 0: root refcnt 2`. */
export async function rootDiscipline(shell: Shell, link: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await shell.exec(['tc', 'qdisc', 'show', 'dev', link, 'root'], { signal, timeoutMs: 10_000 });
  return (
    stdout
      .split('\n')[0]
      ?.replace(/^qdisc /, '')
      .trim() ?? ''
  );
}

/**
 * Refuses a link whose queue somebody set up: taking ours away would bring back the kernel's default and not theirs.
 * @throws HarnessError `refused`
 */
export async function refuseShapedLink(shell: Shell, link: string, signal: AbortSignal): Promise<void> {
  const found = await rootDiscipline(shell, link, signal);
  // The kernel's own defaults have the handle 0.
  if (found === '' || / 0: /.test(`${found} `)) return;
  throw new HarnessError(
    'refused',
    `The link ${link} of ${shell.name} is shaped already (${found}), which could not be put back`,
  );
}
