import type { Cluster, Shell } from '../model/cluster.ts';
import { messageOf } from '../model/errors.ts';

/** The lines that describe a node, so that two of them can be compared: `section<TAB>fact`. */
export type Fingerprint = ReadonlyMap<string, readonly string[]>;

/**
 * What a fault could leave on a node. Left out is what Kubernetes itself changes at any time: chains named KUBE-* and
 * CNI-*, the links, routes and mounts of pods.
 */
const script = `
say() { sed "s/^/$1\\t/"; }
nft list tables 2>/dev/null | grep -v -E ' (nat|filter|mangle|raw|kube-proxy)$' | say nft
for t in filter nat mangle raw; do
  iptables-save -t $t 2>/dev/null | grep '^-A' | grep -v -E 'KUBE-|CNI-|cali|FLANNEL' | say "iptables-$t"
done
tc qdisc show dev eth0 2>/dev/null | sed 's/ [0-9a-f]*: / /' | say tc
tc filter show dev eth0 2>/dev/null | say tc-filter
ip -o link show 2>/dev/null | grep -v -E '^[0-9]+: (veth|cali|cni|flannel|kube)' | sed -E 's/^[0-9]+: ([^:@]+).*(mtu [0-9]+).* state ([A-Z]+).*/\\1 \\2 \\3/' | say link
ip route show table all 2>/dev/null | grep -v -E 'dev (veth|cali|cni|flannel|kube)' | grep -v -E '^(fe80|ff00|multicast|anycast|local fe80)' | sort | say route
ip rule show 2>/dev/null | say rule
for s in net/ipv4/ip_forward net/netfilter/nf_conntrack_max kernel/pid_max net/ipv4/ip_local_port_range; do
  read -r value < /proc/sys/$s 2>/dev/null && echo "$s $value"
done | say sysctl
grep -v -E ' /(var/lib/(kubelet|containerd)|run/(containerd|netns|user)|proc|sys)' /proc/self/mounts | cut -d' ' -f2,3 | sort | say mount
for p in /proc/[0-9]*; do
  read -r _ name state _ < $p/stat 2>/dev/null || continue
  [ "$state" = T ] && echo "$name is stopped" | say process
done
for p in /proc/[0-9]*/comm; do read -r comm < $p 2>/dev/null && echo "$comm"; done |
  grep -x -E 'etcd|kube-apiserver|kube-controller|kube-scheduler|kubelet|kube-proxy|containerd' | sort | uniq -c |
  sed 's/^ *//' | say service
find /sys/fs/cgroup -maxdepth 6 -name freezer.state -exec grep -l FROZEN {} + 2>/dev/null | say frozen
conntrack -C > /dev/null 2>&1 && conntrack -L -m 64206 2>/dev/null | wc -l | say conntrack-marked
find /etc/kubernetes /var/lib/kubelet/pki -name '*.shakedown_*' 2>/dev/null | say kept
ls -A /run/shakedown 2>/dev/null | grep -v '^leash$' | say shakedown
true
`;

/** Describes a node from inside. @throws HarnessError when the node cannot be asked */
async function fingerprintOf(shell: Shell, signal: AbortSignal): Promise<readonly string[]> {
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 20_000 });
  return stdout.split('\n').filter((line) => line !== '');
}

/** Describes every node that has a shell. A node that does not answer is described by its error. */
export async function fingerprint(cluster: Pick<Cluster, 'facts' | 'node'>, signal: AbortSignal): Promise<Fingerprint> {
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
