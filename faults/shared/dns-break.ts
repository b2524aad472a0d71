import type { FaultContext, Leash } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { startDelay, stopDelayScript, type Delay } from './delay.ts';
import { askDns, tellDns, type Dns } from './dns.ts';
import { installFilters, proveNoFilters, type Hook, type NodeFilter } from './filter.ts';
import { startNetfault, stopNetfaultScript } from './netfault.ts';
import { removeTableScript, tableName } from './nft.ts';
import { prove } from './prove.ts';

/** One way of breaking the cluster's name servers, for all that ask from some nodes. */
export type DnsBreak = {
  readonly mode: 'all' | 'one' | 'slow' | 'servfail';
  readonly delayMs: number;
  readonly dns: Dns;
  /** The name servers that fall silent, with `one` and `all`. */
  readonly victims: Dns['pods'];
  /** Where something is installed: every node, or the victim's with `one`. */
  readonly nodes: readonly string[];
  /** From where the proof asks. */
  readonly askers: readonly string[];
};

/** Where our answers of SERVFAIL are given on each node: below the ports that clients and NodePorts are given. */
const servfailPort = 15_353;

const to = (addresses: readonly string[]): string =>
  `${addresses[0]?.includes(':') === true ? 'ip6' : 'ip'} daddr { ${addresses.join(', ')} }`;

function filtersOf({ mode, dns, victims, nodes }: DnsBreak): readonly NodeFilter[] {
  const pods = victims.map(({ address }) => address);
  const rule = (hook: Hook, addresses: readonly string[], verdict: string): NodeFilter['rules'][number] => ({
    hook,
    match: `${to(addresses)} meta l4proto { tcp, udp } th dport { 53 }`,
    verdict,
  });
  if (mode === 'slow') return [];
  const rules = {
    // On its own node every way to a pod ends here, and its service's address was translated before.
    one: [rule('postrouting', pods, 'drop')],
    // By the address of the service too: pods of DNS that are made meanwhile are not to be found either.
    all: [rule('prerouting', [dns.address, ...pods], 'drop'), rule('output', [dns.address, ...pods], 'drop')],
    servfail: (['dstnat', 'dstnat-output'] as const).map((hook) =>
      rule(hook, [dns.address], `redirect to :${String(servfailPort)}`),
    ),
  }[mode];
  return nodes.map((node) => ({ node, rules }));
}

const delayOf = ({ dns, delayMs }: DnsBreak): Delay => ({
  delayMs,
  mechanism: { nfqueue: ['PREROUTING', 'OUTPUT'].map((chain) => `${chain} -d ${dns.address} -p udp --dport 53`) },
});

/** A client that asks again from the same port would be sent where its first query went. */
const forgetFlows = ({ dns }: DnsBreak): string =>
  `conntrack -D -p udp --orig-dst ${dns.address} --orig-port-dst 53 > /dev/null 2>&1\n`;

export async function breakDns(context: FaultContext, given: DnsBreak): Promise<void> {
  if (given.mode === 'slow') {
    await Promise.all(given.nodes.map((node) => startDelay(context, node, delayOf(given))));
    return;
  }
  if (given.mode === 'servfail') {
    const bound = `grep -qi ':${servfailPort.toString(16)} ' /proc/net/udp /proc/net/udp6`;
    const start = given.nodes.map((node) => startNetfault(context, node, ['servfail', String(servfailPort)], bound));
    await Promise.all(start);
  }
  await installFilters(context, filtersOf(given));
  if (given.mode === 'servfail') await onAll(context, given, `${forgetFlows(given)}true`);
}

async function onAll({ cluster, signal }: FaultContext, { nodes }: DnsBreak, script: string): Promise<void> {
  const argv = ['sh', '-c', script];
  await Promise.all(nodes.map((node) => cluster.node(node).exec(argv, { signal, timeoutMs: 40_000 })));
}

function undoScript(given: DnsBreak, mark: string): string {
  if (given.mode === 'slow') return stopDelayScript(delayOf(given), mark);
  const remove = removeTableScript(tableName(mark));
  if (given.mode !== 'servfail') return remove;
  return `${remove.trim()}\nremoved=$?\n${forgetFlows(given)}${stopNetfaultScript(mark)}exit $removed\n`;
}

/** Idempotent. */
export const mendDns = async (context: FaultContext, given: DnsBreak): Promise<void> =>
  onAll(context, given, undoScript(given, context.mark));

export const dnsLeashes = (given: DnsBreak, mark: string): readonly Leash[] =>
  given.nodes.map((node) => ({ on: { node }, undo: undoScript(given, mark) }));

/** @throws HarnessError `fault-not-gone` */
export async function proveMended(context: FaultContext, given: DnsBreak): Promise<string> {
  const { cluster, signal } = context;
  await proveNoFilters(context, filtersOf(given));
  const limitMs = Math.min(1_000, given.delayMs / 2);
  const options = { withinMs: 60_000, everyMs: 200, stable: 3, signal };
  return prove('fault-not-gone', 'names to be found again', options, async () => {
    const asked = given.askers.flatMap((node) =>
      [given.dns.address, ...given.victims.map(({ address }) => address)].map(async (address) => {
        const answer = await askDns(cluster.node(node), address, 2, signal);
        const well = answer !== 'silent' && answer.code !== 2 && answer.tookMs < limitMs;
        return well ? [] : [`${node} asks ${address} and gets ${tellDns(answer)}`];
      }),
    );
    const wrong = (await Promise.all(asked)).flat();
    if (wrong.length > 0) return notYet(wrong.join('; '));
    return yes(
      `nothing is left on ${given.nodes.join(', ')}; ${given.askers.join(', ')} got answers three times in a row`,
    );
  });
}
