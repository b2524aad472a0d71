import { kubeconfig } from '../kubeconfig.ts';
import type { ClusterPlan, NodePlan } from '../plan.ts';
import type { Authority, KeyPair, Subject } from './authority.ts';

/** Files below /etc/kubernetes of a node, by their path there; all are readable by root alone. */
export type Files = ReadonlyMap<string, string>;

export interface Credentials {
  /** By the node's name. */
  readonly nodes: ReadonlyMap<string, Files>;
  readonly authority: string;
  /** Of system:masters, for the kubeconfig on the harness's machine and the harness itself. */
  readonly admin: KeyPair;
}

interface Authorities {
  readonly kubernetes: Authority;
  readonly etcd: Authority;
  readonly frontProxy: Authority;
  readonly tokens: { readonly key: string; readonly publicKey: string };
}

export const apiPort = 6443;
const urlOf = (address: string): string => `https://${address}:${String(apiPort)}`;

/** Makes every certificate, key and kubeconfig of a cluster, laid out as kubeadm does (kubeadm's certslist.go). */
export async function createCredentials(plan: ClusterPlan): Promise<Credentials> {
  // Only who makes a cluster loads what signs: it takes as long to load as a fifth of all else.
  const { Authority, createTokenSigner } = await import('./authority.ts');
  const [kubernetes, etcd, frontProxy, tokens] = await Promise.all([
    Authority.create('kubernetes'),
    Authority.create('etcd-ca'),
    Authority.create('front-proxy-ca'),
    createTokenSigner(),
  ]);
  const authorities = { kubernetes, etcd, frontProxy, tokens };
  const [admin, ...nodes] = await Promise.all([
    kubernetes.issue({ commonName: 'kubernetes-admin', organization: 'system:masters', usages: ['client'] }),
    ...plan.nodes.map(async (node) => [node.name, await filesOf(node, plan, authorities)] as const),
  ]);
  return { nodes: new Map(nodes), authority: kubernetes.pair.certificate, admin };
}

async function filesOf(node: NodePlan, plan: ClusterPlan, authorities: Authorities): Promise<Files> {
  const files = new Map<string, string>([['pki/ca.crt', authorities.kubernetes.pair.certificate]]);
  await Promise.all([
    addWorkerFiles(files, node, plan, authorities.kubernetes),
    ...(node.role === 'control-plane' ? [addControlPlaneFiles(files, node, plan, authorities)] : []),
  ]);
  return files;
}

async function addWorkerFiles(
  files: Map<string, string>,
  node: NodePlan,
  plan: ClusterPlan,
  authority: Authority,
): Promise<void> {
  const endpoint = urlOf(plan.endpointAddress);
  const nodeUser: Subject = {
    commonName: `system:node:${node.name}`,
    organization: 'system:nodes',
    usages: ['client'],
  };
  await Promise.all([
    addPair(files, 'pki/kubelet', authority, {
      commonName: `system:node:${node.name}`,
      organization: 'system:nodes',
      usages: ['server'],
      dnsNames: [node.name],
      addresses: [node.address],
    }),
    addKubeconfig(files, 'kubelet.conf', plan, endpoint, authority, nodeUser),
    addKubeconfig(files, 'kube-proxy.conf', plan, endpoint, authority, {
      commonName: 'system:kube-proxy',
      usages: ['client'],
    }),
  ]);
}

async function addControlPlaneFiles(
  files: Map<string, string>,
  node: NodePlan,
  plan: ClusterPlan,
  { kubernetes, etcd, frontProxy, tokens }: Authorities,
): Promise<void> {
  addAuthority(files, 'pki/ca', kubernetes);
  addAuthority(files, 'pki/etcd/ca', etcd);
  addAuthority(files, 'pki/front-proxy-ca', frontProxy);
  files.set('pki/sa.key', tokens.key);
  files.set('pki/sa.pub', tokens.publicKey);
  const own = urlOf(node.address);
  const member: Subject = {
    commonName: node.name,
    usages: ['server', 'client'],
    dnsNames: [node.name, 'localhost'],
    addresses: [node.address, '127.0.0.1'],
  };
  const client = (commonName: string, organization?: string): Subject => ({
    commonName,
    usages: ['client'],
    ...(organization === undefined ? {} : { organization }),
  });
  await Promise.all([
    addPair(files, 'pki/apiserver', kubernetes, apiServer(node, plan)),
    addPair(
      files,
      'pki/apiserver-kubelet-client',
      kubernetes,
      client('kube-apiserver-kubelet-client', 'system:masters'),
    ),
    addPair(files, 'pki/front-proxy-client', frontProxy, client('front-proxy-client')),
    addPair(files, 'pki/etcd/server', etcd, member),
    addPair(files, 'pki/etcd/peer', etcd, member),
    addPair(files, 'pki/etcd/healthcheck-client', etcd, client('kube-etcd-healthcheck-client')),
    addPair(files, 'pki/apiserver-etcd-client', etcd, client('kube-apiserver-etcd-client')),
    addKubeconfig(
      files,
      'admin.conf',
      plan,
      urlOf(plan.endpointAddress),
      kubernetes,
      client('kubernetes-admin', 'system:masters'),
    ),
    // kubeadm lets these two speak to the API server of their own node.
    addKubeconfig(files, 'controller-manager.conf', plan, own, kubernetes, client('system:kube-controller-manager')),
    addKubeconfig(files, 'scheduler.conf', plan, own, kubernetes, client('system:kube-scheduler')),
  ]);
}

function apiServer(node: NodePlan, plan: ClusterPlan): Subject {
  return {
    commonName: 'kube-apiserver',
    usages: ['server'],
    dnsNames: [
      node.name,
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      'localhost',
    ],
    addresses: [plan.apiServiceAddress, node.address, plan.endpointAddress, '127.0.0.1'],
  };
}

function addAuthority(files: Map<string, string>, path: string, { pair }: Authority): void {
  files.set(`${path}.crt`, pair.certificate);
  files.set(`${path}.key`, pair.key);
}

async function addPair(files: Map<string, string>, path: string, by: Authority, subject: Subject): Promise<void> {
  const pair = await by.issue(subject);
  files.set(`${path}.crt`, pair.certificate);
  files.set(`${path}.key`, pair.key);
}

async function addKubeconfig(
  files: Map<string, string>,
  path: string,
  plan: ClusterPlan,
  server: string,
  by: Authority,
  subject: Subject,
): Promise<void> {
  const pair = await by.issue(subject);
  files.set(path, kubeconfig(plan.name, server, by.pair.certificate, subject.commonName, pair));
}
