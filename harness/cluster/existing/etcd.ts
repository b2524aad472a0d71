import type { ClusterFacts, Shell } from '../../model/cluster.ts';

const pki = '/etc/kubernetes/pki/etcd';

/** kubeadm's etcd has its etcdctl with it in its image, and its certificates at the same place inside and outside. */
const findAndRun = `command -v etcdctl > /dev/null 2>&1 && exec etcdctl "$@"
pid=
for p in /proc/[0-9]*; do
  read -r comm < "$p/comm" && [ "$comm" = etcd ] && [ -e "$p/root${pki}/ca.crt" ] && pid=\${p#/proc/} && break
done 2> /dev/null
[ -z "$pid" ] || exec nsenter --mount --target "$pid" etcdctl "$@"
echo 'there is no etcdctl, and no etcd of kubeadm to lend one' >&2
exit 127`;

/** etcdctl on a control plane as kubeadm lays it out, speaking to the node's own member. */
export const kubeadmEtcdctl: readonly string[] = [
  ...['sh', '-c', findAndRun, 'etcdctl'],
  '--endpoints=https://127.0.0.1:2379',
  `--cacert=${pki}/ca.crt`,
  `--cert=${pki}/healthcheck-client.crt`,
  `--key=${pki}/healthcheck-client.key`,
];

/** The endpoints on the command line of the node's API server, one a line. */
const servers = `for p in /proc/[0-9]*; do
  read -r comm < "$p/comm" && [ "$comm" = kube-apiserver ] || continue
  tr '\\0' '\\n' < "$p/cmdline" | sed -n 's/^--etcd-servers=//p' | tr ',' '\\n'
  exit 0
done 2> /dev/null`;

/**
 * How etcd is asked on these control planes, or null with the reason: the members of a cluster that others run for the user
 * cannot be reached.
 */
export async function findEtcd(
  controlPlanes: readonly Shell[],
  signal: AbortSignal,
): Promise<{ readonly etcd: ClusterFacts['etcd']; readonly because: string }> {
  if (controlPlanes.length === 0) return { etcd: null, because: 'no control plane is among its nodes' };
  const wirings = new Set<'own' | 'all'>();
  for (const shell of controlPlanes) {
    const asked = await shell.exec([...kubeadmEtcdctl, 'endpoint', 'health'], {
      signal,
      timeoutMs: 15_000,
      allowFailure: true,
    });
    if (asked.exitCode !== 0) {
      const said = (asked.stderr || asked.stdout).trim().split('\n').at(-1) ?? '';
      return { etcd: null, because: `etcd on ${shell.name} is not laid out as kubeadm does it: ${said.slice(0, 200)}` };
    }
    const { stdout } = await shell.exec(['sh', '-c', servers], { signal, timeoutMs: 10_000, allowFailure: true });
    wirings.add(stdout.split('\n').filter((line) => line !== '').length > 1 ? 'all' : 'own');
  }
  return { etcd: { wiring: wirings.has('all') ? 'all' : 'own', etcdctl: kubeadmEtcdctl }, because: '' };
}
