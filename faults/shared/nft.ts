import type { Shell } from '../../harness/model/cluster.ts';

/** The table of one injection; nothing else on the node has a name like it. */
export const tableName = (mark: string): string => `shakedown_${mark}`;

/** One direction of dropped traffic, in nft's own words, such as `tcp dport 2380`. */
export interface Drops {
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/**
 * Installs a table that counts and drops. A rule file with an error installs nothing and nft says so by its exit code.
 * @throws HarnessError `command-failed` with nft's words
 */
export async function installDrops(shell: Shell, table: string, drops: Drops, signal: AbortSignal): Promise<void> {
  const rules = (matches: readonly string[]): string =>
    matches.map((match) => `    iifname != "lo" ${match} counter drop`).join('\n');
  const file = `table inet ${table} {
  chain input {
    type filter hook input priority -300; policy accept;
${rules(drops.input)}
  }
  chain output {
    type filter hook output priority -300; policy accept;
${rules(drops.output).replaceAll('iifname', 'oifname')}
  }
}
`;
  await shell.exec(['nft', '-f', '-'], { input: file, signal, timeoutMs: 10_000 });
}

/** Removes the table; succeeds when it is not there, and fails when it still is. */
export const removeTableScript = (table: string): string =>
  `nft delete table inet ${table} 2> /dev/null || ! nft list table inet ${table} > /dev/null 2>&1\n`;

/** How many packets each rule of the table dropped, in the order of the rules; null when there is no such table. */
export async function droppedPackets(
  shell: Shell,
  table: string,
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  const { stdout, exitCode } = await shell.exec(['nft', 'list', 'table', 'inet', table], {
    signal,
    timeoutMs: 10_000,
    allowFailure: true,
  });
  if (exitCode !== 0) return null;
  return [...stdout.matchAll(/counter packets (\d+)/g)].map(([, packets]) => Number(packets));
}
