import type { FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { askDns, tellDns, type DnsAnswer } from './dns.ts';
import type { DnsBreak } from './dns-break.ts';
import { prove } from './prove.ts';
import { kubeletPort, reach } from './reach.ts';

/**
 * Asks as a client does, from every node that is to feel it, and asks again past the fault at the same moment: that must go
 * well, or something else is broken.
 * @throws HarnessError `fault-not-active`
 */
export async function proveDns(context: FaultContext, given: DnsBreak): Promise<string> {
  const options = { withinMs: 15_000 + given.delayMs, everyMs: 100, stable: 2, signal: context.signal };
  return prove('fault-not-active', 'names not to be found as before', options, async () => {
    const seen = await Promise.all(given.askers.map(async (node) => ({ node, ...(await look(context, given, node)) })));
    const wrong = seen.find(({ felt }) => !felt);
    if (wrong !== undefined) return notYet(`${wrong.node}: ${wrong.saw}`);
    return yes(seen.map(({ node, saw }) => `${node}: ${saw}`).join('; '));
  });
}

interface Seen {
  readonly felt: boolean;
  readonly saw: string;
}

async function look(context: FaultContext, given: DnsBreak, node: string): Promise<Seen> {
  const { cluster, signal } = context;
  const { mode, delayMs, dns, victims } = given;
  const shell = cluster.node(node);
  const ask = (address: string, limitSeconds = 1): Promise<DnsAnswer> => askDns(shell, address, limitSeconds, signal);
  if (mode === 'all') {
    const [answer, control] = await Promise.all([ask(dns.address), controlOf(context, given, node)]);
    return {
      felt: answer === 'silent' && control === 'open',
      saw: `${tellDns(answer)} from ${dns.address} while the nodes of DNS are ${control}`,
    };
  }
  const mended = dns.pods.find(({ name }) => mode !== 'one' || victims.every((victim) => victim.name !== name));
  const asked = mode === 'one' ? (victims[0]?.address ?? '') : dns.address;
  const [answer, control] = await Promise.all([
    ask(asked, mode === 'slow' ? delayMs / 1_000 + 2 : 1),
    ask(mended?.address ?? '', mode === 'slow' ? delayMs / 2_000 : 1),
  ]);
  const felt = {
    one: answer === 'silent',
    slow: answer !== 'silent' && answer.code !== 2 && answer.tookMs >= 0.9 * delayMs,
    servfail: answer !== 'silent' && answer.code === 2,
  }[mode];
  return {
    felt: felt && control !== 'silent' && control.code !== 2,
    saw: `${tellDns(answer)} from ${asked}, ${tellDns(control)} from ${mended?.address ?? 'nobody'} itself`,
  };
}

/** That the nodes of the name servers can be reached while those cannot. */
async function controlOf({ cluster, signal }: FaultContext, { dns }: DnsBreak, from: string): Promise<string> {
  const hosts = cluster.facts.nodes.filter(({ name }) => dns.pods.some(({ node }) => node === name));
  const found = await Promise.all(
    hosts.map(({ name, address }) =>
      reach(cluster.node(from), name === from ? '127.0.0.1' : address, kubeletPort, signal),
    ),
  );
  return found.find((each) => each !== 'open') ?? 'open';
}
