import type { Cluster } from '../../../harness/model/cluster.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import type { Fault } from '../../../harness/model/fault.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';

/** Does something to every k6 in the network namespace of the client's place, and to no other; says to how many. */
const eachK6 = (action: string): string => `
mine=$(readlink /proc/self/ns/net)
count=0
for p in /proc/[0-9]*; do
  [ "$(readlink $p/ns/net 2>/dev/null)" = "$mine" ] || continue
  [ "$(cat $p/comm 2>/dev/null)" = k6 ] && ${action} "\${p#/proc/}" && count=$((count + 1))
done
echo "$count"
`;

async function countOf(cluster: Cluster, action: string, signal: AbortSignal): Promise<number> {
  const client = await cluster.place('client');
  const { stdout } = await client.exec(['sh', '-c', eachK6(action)], { signal });
  return Number(stdout.trim());
}

/** Plants a probe that goes blind: the load generator dies while another fault is active. */
export const blindLoad: Fault<unknown, { readonly place: string }> = {
  name: 'blind-load',
  summary: 'Kills the load generator of the run itself.',
  needs: ['places'],
  minimumHoldMs: 1,
  params: (given) => given,
  obstacle: () => null,
  plan: () => Promise.resolve({ place: 'client' }),
  targets: ({ place }) => [place],
  impact: () => 'the load ends',
  leashes: () => [],
  inject: async ({ cluster, signal }) => {
    if ((await countOf(cluster, 'kill -9', signal)) === 0)
      throw new HarnessError('bug', 'there is no load generator to kill');
  },
  proveActive: ({ cluster, signal }) =>
    eventually('the load generator to be gone', { withinMs: 5_000, signal }, async () => {
      const left = await countOf(cluster, 'kill -0', signal);
      return left === 0 ? yes('no k6 runs in the place of the client') : notYet(`${String(left)} k6 run`);
    }),
  heal: () => Promise.resolve(),
  proveGone: () => Promise.resolve('nothing to undo: the load generator ends with the run'),
};
