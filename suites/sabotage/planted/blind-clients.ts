import type { Cluster } from '../../../harness/model/cluster.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { bareFault } from '../../self/bare-fault.ts';

/** The places of the load generator, and of the writer and the watcher of records. */
const places = ['client', 'ledger'] as const;

/**
 * Does something to every k6, writer and watcher in the network namespace of its place, and to no other; says to how many.
 * The bracket keeps the pattern from matching the shell that searches for it.
 */
const eachClient = (action: string): string => `
mine=$(readlink /proc/self/ns/net)
count=0
for p in /proc/[0-9]*; do
  [ "$(readlink $p/ns/net 2>/dev/null)" = "$mine" ] || continue
  [ "$(cat $p/comm 2>/dev/null)" = k6 ] || grep -qaE 'ledger/[w](riter|atcher)\\.ts' $p/cmdline 2>/dev/null || continue
  ${action} "\${p#/proc/}" && count=$((count + 1))
done
echo "$count"
`;

async function countIn(cluster: Cluster, name: string, action: string, signal: AbortSignal): Promise<number> {
  const place = await cluster.place(name);
  const { stdout } = await place.exec(['sh', '-c', eachClient(action)], { signal });
  return Number(stdout.trim());
}

/** Plants blind clients: the load generator, the writer and the watcher die while another fault is active. */
export const blindClients = bareFault<{ readonly places: readonly string[] }>({
  name: 'blind-clients',
  summary: 'Kills the load generator, the writer and the watcher of the run itself.',
  needs: ['places'],
  minimumHoldMs: 1,
  plan: () => Promise.resolve({ places }),
  targets: (plan) => plan.places,
  impact: () => 'no request is sent any more, and no record is written',
  inject: async ({ cluster, signal }) => {
    for (const place of places) {
      if ((await countIn(cluster, place, 'kill -9', signal)) === 0)
        throw new HarnessError('bug', `there is nothing to kill in the place ${place}`);
    }
  },
  proveActive: ({ cluster, signal }) =>
    eventually('every client to be gone', { withinMs: 5_000, signal }, async () => {
      const left = await Promise.all(places.map((place) => countIn(cluster, place, 'kill -0', signal)));
      const sum = left.reduce((total, count) => total + count, 0);
      return sum === 0
        ? yes('neither k6 nor a writer or watcher runs in its place')
        : notYet(`${String(sum)} still run`);
    }),
  proveGone: () => Promise.resolve('nothing to undo: the clients end with the run'),
});
