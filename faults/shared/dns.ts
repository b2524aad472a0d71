import { connect, type KubeClient, type KubeObject } from '../../harness/kube/index.ts';
import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';

/** The cluster's name server: one address for all pods, and the pods behind it. */
export type Dns = {
  readonly address: string;
  readonly pods: readonly { readonly name: string; readonly node: string; readonly address: string }[];
};

interface Pod extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Kubernetes' own name and label for it, whatever program answers. */
const servicePath = '/api/v1/namespaces/kube-system/services/kube-dns';
const labelSelector = 'k8s-app=kube-dns';

/** @throws HarnessError `refused` when the cluster has no Ready pod of DNS */
export async function findDns({ cluster, signal }: FaultContext): Promise<Dns> {
  const client = connect(cluster.kubeconfig);
  try {
    return { address: await serviceAddress(client, signal), pods: await readyPods(client, signal) };
  } finally {
    client.close();
  }
}

async function serviceAddress(client: KubeClient, signal: AbortSignal): Promise<string> {
  const { spec } = (await client.request(servicePath, { signal })) as {
    readonly spec?: { readonly clusterIP?: string };
  };
  if (spec?.clusterIP === undefined || spec.clusterIP === 'None')
    throw new HarnessError('refused', 'The service kube-dns in kube-system has no cluster address');
  return spec.clusterIP;
}

async function readyPods(client: KubeClient, signal: AbortSignal): Promise<Dns['pods']> {
  const list = await client.request('/api/v1/namespaces/kube-system/pods', { query: { labelSelector }, signal });
  const pods = (list as { readonly items: readonly Pod[] }).items.flatMap(({ metadata, spec, status }) => {
    const ready = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
    if (!ready || spec?.nodeName === undefined || status.podIP === undefined) return [];
    return [{ name: metadata.name, node: spec.nodeName, address: status.podIP }];
  });
  if (pods.length === 0) throw new HarnessError('refused', `No pod ${labelSelector} in kube-system is Ready`);
  return pods.sort((a, b) => a.name.localeCompare(b.name));
}

export type DnsAnswer = { readonly code: number; readonly tookMs: number } | 'silent';

/**
 * A question for the address of kube-dns.kube-system.svc.cluster.local, as RFC 1035 writes it. None of its bytes may be a line
 * feed, at which bash would end the packet: a label of ten letters would bring one.
 */
const question = ['\\x5d\\x5d\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00']
  .concat(
    ['kube-dns', 'kube-system', 'svc', 'cluster', 'local'].map(
      (label) => `\\x${label.length.toString(16).padStart(2, '0')}${label}`,
    ),
    ['\\x00\\x00\\x01\\x00\\x01'],
  )
  .join('');

const script = (address: string, limitSeconds: number): string => `
s=$EPOCHREALTIME
exec 3<> /dev/udp/${address}/53 || exit 1
printf '${question}' >&3
code=$(timeout ${String(limitSeconds)} head -c 4 <&3 | od -An -tu1 -j3)
e=$EPOCHREALTIME
[ -n "$code" ] && echo "$code $(( \${e/[.,]/} - \${s/[.,]/} ))"
`;

/** Asks a name server from a node, with bash alone: the code of its answer (0 is well, 2 is SERVFAIL) and how long it took. */
export async function askDns(
  from: Shell,
  address: string,
  limitSeconds: number,
  signal: AbortSignal,
): Promise<DnsAnswer> {
  const { stdout } = await from.exec(['bash', '-c', script(address, limitSeconds)], {
    signal,
    timeoutMs: limitSeconds * 1_000 + 5_000,
    allowFailure: true,
  });
  const [flags, tookUs] = stdout.trim().split(/\s+/).map(Number);
  if (flags === undefined || tookUs === undefined || Number.isNaN(flags)) return 'silent';
  // The code is the low half of the fourth byte.
  return { code: flags & 15, tookMs: tookUs / 1_000 };
}

export const tellDns = (answer: DnsAnswer): string =>
  answer === 'silent' ? 'no answer' : `code ${String(answer.code)} after ${answer.tookMs.toFixed(1)} ms`;
