import type { FaultContext, Leash } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { droppedPackets, removeTableScript, tableName } from './nft.ts';
import { prove } from './prove.ts';

/**
 * Where a packet is met: `prerouting` when it has come in by any link and no address was translated yet, `output` when a
 * program of the node sends it, `postrouting` when it goes out with its last addresses. The two of `dstnat` may send a new
 * connection elsewhere, before any service does.
 */
export type Hook = 'prerouting' | 'forward' | 'output' | 'postrouting' | 'dstnat' | 'dstnat-output';

/** The rules of one injection on one node, each a match in nft's words, such as `ip saddr 10.0.0.1`. */
export type NodeFilter = {
  readonly node: string;
  readonly rules: readonly {
    readonly hook: Hook;
    readonly match: string;
    /** `drop`, `reject ...`, or `continue` to count only. */
    readonly verdict: string;
  }[];
};

/** Before connection tracking on the way in, so that a dropped packet makes no entry; after address translation on the way out. */
const chainTypes: Readonly<Record<Hook, string>> = {
  prerouting: 'filter hook prerouting priority -310',
  output: 'filter hook output priority -310',
  forward: 'filter hook forward priority -10',
  postrouting: 'filter hook postrouting priority 310',
  dstnat: 'nat hook prerouting priority -110',
  'dstnat-output': 'nat hook output priority -110',
};

/** A rule file for nft: one table, a chain for each hook in use, every rule with a counter. */
export function filterFile(table: string, { rules }: NodeFilter): string {
  const hooks = [...new Set(rules.map(({ hook }) => hook))];
  const chains = hooks.map((hook) => {
    const lines = rules
      .filter((rule) => rule.hook === hook)
      .map(({ match, verdict }) => `    ${match} counter ${verdict}\n`);
    const head = `    type ${chainTypes[hook]}; policy accept;\n`;
    return `  chain ${hook.replace('-', '_')} {\n${head}${lines.join('')}  }\n`;
  });
  return `table inet ${table} {\n${chains.join('')}}\n`;
}

/** @throws HarnessError `command-failed` with nft's words; nft installs a whole file or nothing of it */
export async function installFilters(
  { cluster, mark, signal }: FaultContext,
  filters: readonly NodeFilter[],
): Promise<void> {
  const install = filters.map((filter) =>
    cluster.node(filter.node).exec(['nft', '-f', '-'], {
      input: filterFile(tableName(mark), filter),
      signal,
      timeoutMs: 10_000,
    }),
  );
  await Promise.all(install);
}

const undoScript = (mark: string): string => removeTableScript(tableName(mark));

interface Filtered {
  readonly filters: readonly NodeFilter[];
}

/** How a fault that is made of filters is leashed, injected and, idempotently, healed. */
export const byFilters = {
  leashes: ({ filters }: Filtered, mark: string): readonly Leash[] =>
    filters.map(({ node }) => ({ on: { node }, undo: undoScript(mark) })),
  inject: (context: FaultContext, { filters }: Filtered) => installFilters(context, filters),
  heal: async ({ cluster, mark, signal }: FaultContext, { filters }: Filtered) => {
    const undo = ['sh', '-c', undoScript(mark)];
    await Promise.all(filters.map(({ node }) => cluster.node(node).exec(undo, { signal, timeoutMs: 15_000 })));
  },
};

/** How many packets each rule on the node met, in the order of its chains; empty when the table is not there. */
export async function metPackets({ cluster, mark, signal }: FaultContext, node: string): Promise<readonly number[]> {
  return (await droppedPackets(cluster.node(node), tableName(mark), signal)) ?? [];
}

/** @throws HarnessError `fault-not-gone` when one of the tables is still there */
export async function proveNoFilters(context: FaultContext, filters: readonly NodeFilter[]): Promise<void> {
  const { cluster, mark, signal } = context;
  const options = { withinMs: 15_000, everyMs: 200, signal };
  await prove('fault-not-gone', 'no packet filter of this fault to be left', options, async () => {
    const left = filters.map(async ({ node }) =>
      (await droppedPackets(cluster.node(node), tableName(mark), signal)) === null ? [] : [node],
    );
    const nodes = (await Promise.all(left)).flat();
    return nodes.length === 0 ? yes(undefined) : notYet(`the table is still on ${nodes.join(', ')}`);
  });
}
