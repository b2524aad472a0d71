import type { Shell } from '../../harness/model/cluster.ts';

/** Where a kubelet keeps its own kubeconfig, and an administrator that of a control plane (kubeadm's places). */
export const kubeletConfig = '/etc/kubernetes/kubelet.conf';
export const adminConfig = '/etc/kubernetes/admin.conf';

/** Asks an API server from a node, over a connection of its own. */
export async function kubectlOn(
  shell: Shell,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly ok: boolean; readonly said: string }> {
  const argv = ['kubectl', '--request-timeout=5s', ...args];
  const { exitCode, stdout, stderr } = await shell.exec(argv, { signal, timeoutMs: 15_000, allowFailure: true });
  const words = exitCode === 0 ? stdout : (stderr.trim().split('\n').at(-1) ?? `exit code ${String(exitCode)}`);
  return { ok: exitCode === 0, said: words };
}
