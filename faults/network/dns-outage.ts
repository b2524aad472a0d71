import { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { findDns } from '../shared/dns.ts';
import { breakDns, dnsLeashes, mendDns, proveMended, type DnsBreak } from '../shared/dns-break.ts';
import { proveDns } from '../shared/dns-proof.ts';
import { requireQueue } from '../shared/delay.ts';
import { buildNetfault } from '../shared/netfault.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';

const name = 'dns-outage';
const schema = z.strictObject({
  /** `all` servers or `one` are silent, every answer is `slow`, or every answer is SERVFAIL. */
  mode: z.enum(['all', 'one', 'slow', 'servfail']).default('all'),
  /** With `slow`: how long each query waits. The resolver of glibc gives up after 5 s. */
  delayMs: z.int().min(100).max(10_000).default(2_000),
});
type Params = z.output<typeof schema>;
type Plan = DnsBreak;

/** The pods of DNS themselves stay Ready: nothing in the API tells that nobody can be found. */
export const dnsOutage: Fault<Params, Plan> = {
  name,
  summary: 'Makes the name servers of the cluster silent (all or one), slow, or unable to answer (SERVFAIL).',
  needs: ['node-shell'],
  minimumHoldMs: 5_000,
  params: (given) => readParams(name, schema, given),
  obstacle: (facts) => shellObstacle(facts),
  plan,
  targets: ({ nodes }) => nodes,
  impact: ({ mode, delayMs, dns, victims }) => {
    const [victim] = victims;
    return {
      all:
        `None of the ${String(dns.pods.length)} name servers answers: new names cannot be found, and a resolver waits 5 s for each ` +
        'attempt. Connections that are open go on.',
      one:
        `Of ${String(dns.pods.length)} name servers, ${victim?.name ?? ''} does not answer and stays in the service: its share of the ` +
        'queries takes 5 s longer or fails.',
      slow: `Every name takes ${String(delayMs)} ms longer to be found (by UDP).`,
      servfail:
        'Every query is answered at once with SERVFAIL: new names cannot be found. Connections that are open go on.',
    }[mode];
  },
  leashes: dnsLeashes,
  inject: breakDns,
  proveActive: proveDns,
  heal: mendDns,
  proveGone: proveMended,
};

async function plan(context: FaultContext, { mode, delayMs }: Params): Promise<Plan> {
  const { cluster, random, signal } = context;
  const dns = await findDns(context);
  const nodes = cluster.facts.nodes.map(({ name: node }) => node);
  if (mode === 'slow' || mode === 'servfail') await buildNetfault(cluster, signal);
  if (mode === 'slow') await Promise.all(nodes.map((node) => requireQueue(cluster.node(node), signal)));
  if (mode !== 'one') return { mode, delayMs, dns, victims: dns.pods, nodes, askers: nodes };
  const victim = random.fork('target').pick(dns.pods);
  if (dns.pods.length < 2) {
    throw new HarnessError('refused', `${victim.name} is the only name server: without it there is none`, {
      hint: "ask for that by name with mode: 'all'",
    });
  }
  const others = nodes.filter((node) => node !== victim.node);
  const askers = [random.fork('witness').pick(others.length === 0 ? nodes : others)];
  return { mode, delayMs, dns, victims: [victim], nodes: [victim.node], askers };
}
