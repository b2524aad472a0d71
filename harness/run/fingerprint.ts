import type { NodeFacts, Shell } from '../model/cluster.ts';
import { messageOf } from '../model/errors.ts';
import { readFingerprint, services } from './fingerprint-sections.ts';

/** The lines that describe a node, so that two of them can be compared: `section<TAB>fact`. */
export type Fingerprint = ReadonlyMap<string, readonly string[]>;

/** What of a cluster is described. */
interface Nodes {
  readonly facts: { readonly nodes: readonly Pick<NodeFacts, 'name'>[] };
  node(name: string): Pick<Shell, 'exec'>;
}

/** What bounds a control group, of either version of them. */
const limits = [
  ...['cpu.cfs_quota_us', 'memory.limit_in_bytes', 'pids.max', 'cpu.max', 'memory.max', 'io.max'],
  ...['read', 'write'].flatMap((way) => [`blkio.throttle.${way}_iops_device`, `blkio.throttle.${way}_bps_device`]),
];

/**
 * Asks a node for what a fault could leave there, each answer under its name. Every program that is started costs the node
 * something, so what is to be left out is left out by {@link readFingerprint}; but for what may be long.
 */
const script = `
section() { echo "== $1"; }
section nft; nft list tables
section iptables; iptables-save | grep -v -E '^[^*-]|KUBE-|CNI-|cali|FLANNEL'
section tc; tc qdisc show dev eth0
section tc-filter; tc filter show dev eth0
section link; ip -o link show
section route; ip route show table all
section rule; ip rule show
section sysctl
grep . /proc/sys/net/ipv4/ip_forward /proc/sys/net/netfilter/nf_conntrack_max /proc/sys/kernel/pid_max /proc/sys/net/ipv4/ip_local_port_range
section mount; cat /proc/self/mounts
section process; cat /proc/[0-9]*/stat
section frozen
freezer=/sys/fs/cgroup/freezer
while IFS=: read -r number name path; do
  # The groups of other nodes may be seen as well: its own ones are below that of its first process.
  [ "$name" != freezer ] || [ ! -d "$freezer$path" ] || freezer=$freezer$path
done < /proc/1/cgroup
if [ -d "$freezer" ]; then find "$freezer" -maxdepth 6 -name freezer.state -exec grep -l FROZEN {} +
else find /sys/fs/cgroup -maxdepth 6 -name cgroup.freeze -exec grep -lx 1 {} +; fi
section limit
set -- $(grep -lxE '${services.join('|')}' /proc/[0-9]*/comm | sed 's/comm$/cgroup/')
[ $# = 0 ] || set -- $(cut -d: -f2- "$@" | sort -u)
groups=
for each in "$@"; do
  case $each in cpuacct:* | cpuset:* | devices:* | freezer:* | name=*) continue ;; esac
  path=\${each#*:}
  while [ -n "$path" ] && [ "$path" != / ]; do
    group=/sys/fs/cgroup/\${each%%:*}$path
    case " $groups " in *" $group "*) ;; *) groups="$groups $group" ;; esac
    path=\${path%/*}
  done
done
set --
for group in $groups; do
  for file in ${limits.join(' ')}; do [ ! -e "$group/$file" ] || set -- "$@" "$group/$file"; done
done
[ $# = 0 ] || grep -H . "$@"
section conntrack-marked; conntrack -C > /dev/null 2>&1 && conntrack -L -m 64206 | wc -l
section kept; find /etc/kubernetes /var/lib/kubelet/pki -name '*.shakedown_*'
section shakedown; ls -A /run/shakedown
true
`;

/** Describes a node from inside. @throws HarnessError when the node cannot be asked */
async function fingerprintOf(shell: Pick<Shell, 'exec'>, signal: AbortSignal): Promise<readonly string[]> {
  const { stdout } = await shell.exec(['sh', '-c', `exec 2>/dev/null; ${script}`], { signal, timeoutMs: 20_000 });
  return readFingerprint(stdout);
}

/** Describes every node that has a shell. A node that does not answer is described by its error. */
export async function fingerprint(cluster: Nodes, signal: AbortSignal): Promise<Fingerprint> {
  const described = cluster.facts.nodes.map(async ({ name }): Promise<[string, readonly string[]]> => {
    try {
      return [name, await fingerprintOf(cluster.node(name), signal)];
    } catch (error) {
      return [name, [`node\tdoes not answer: ${messageOf(error)}`]];
    }
  });
  return new Map(await Promise.all(described));
}

/** What is there after but was not before, and the reverse, as sentences; empty when nothing was left. */
export function differences(before: Fingerprint, after: Fingerprint): readonly string[] {
  return [...before].flatMap(([node, old]) => {
    const now = after.get(node) ?? [];
    const more = subtract(now, old).map((line) => `${node}: ${line.replace('\t', ': ')} (was not there before)`);
    const less = subtract(old, now).map((line) => `${node}: ${line.replace('\t', ': ')} (is gone)`);
    return [...more, ...less];
  });
}

/** The lines of `from` that are not in `what`, counting repeats. */
function subtract(from: readonly string[], what: readonly string[]): readonly string[] {
  const left = [...what];
  return from.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
