import type { Cluster } from '../../model/cluster.ts';
import { messageOf } from '../../model/errors.ts';
import { findFlag } from './flags.ts';
import { grouped, type Said } from './grouped.ts';

/** The flags that decide how soon a loss is noticed and acted on. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  etcd: ['heartbeat-interval', 'election-timeout'],
  'kube-apiserver': ['default-not-ready-toleration-seconds', 'default-unreachable-toleration-seconds'],
  'kube-controller-manager': [
    'node-monitor-grace-period',
    'node-monitor-period',
    'node-eviction-rate',
    'unhealthy-zone-threshold',
    'leader-elect-lease-duration',
    'leader-elect-renew-deadline',
  ],
};

const separator = '=== help ===';

/**
 * Prints the command line of the node's own process of that name, then the --help of the very binary that runs.
 * A pod may run a program of the same name, but not in the node's network namespace.
 */
const script = `
for p in /proc/[0-9]*; do
  read -r comm < $p/comm 2>/dev/null || continue
  [ "$comm" = "$(printf %.15s "$1")" ] || continue
  [ "$(readlink $p/ns/net)" = "$(readlink /proc/self/ns/net)" ] || continue
  tr '\\0' '\\n' < $p/cmdline
  echo '${separator}'
  $p/exe --help 2>&1
  exit 0
done
exit 3
`;

/** Settings of the control plane's programs, from their command lines and from the defaults of those very binaries. */
export async function processSettings(
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly { readonly name: string; readonly value: string; readonly source: string }[]> {
  if (!cluster.facts.capabilities.includes('node-shell')) return [];
  const nodes = cluster.facts.nodes.filter(({ role }) => role === 'control-plane');
  const said = await Promise.all(
    nodes.flatMap(({ name }) =>
      Object.entries(wanted).map(([program, flags]) => ask(cluster, name, program, flags, signal)),
    ),
  );
  return grouped(said.flat());
}

async function ask(
  cluster: Cluster,
  node: string,
  program: string,
  flags: readonly string[],
  signal: AbortSignal,
): Promise<readonly Said[]> {
  const unknown = (why: string): readonly Said[] =>
    flags.map((flag) => ({ name: `${program} ${flag}`, where: node, value: 'unknown', source: why }));
  try {
    const argv = ['sh', '-c', script, 'read-flags', program];
    const { stdout, exitCode } = await cluster.node(node).exec(argv, { signal, timeoutMs: 15_000, allowFailure: true });
    if (exitCode === 3) return unknown(`no process ${program}`);
    const [commandLine = '', help = ''] = stdout.split(`${separator}\n`);
    return flags.map((flag) => {
      const found = findFlag(commandLine.split('\n'), help, flag);
      const name = `${program} ${flag}`;
      if (found === null) return { name, where: node, value: 'unknown', source: `${program} does not say` };
      return { name, where: node, value: found.value, source: `${program}: ${found.from}` };
    });
  } catch (error) {
    signal.throwIfAborted();
    return unknown(messageOf(error));
  }
}
