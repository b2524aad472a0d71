import { apiPort } from '../pki/layout.ts';
import type { ClusterPlan, NodePlan } from '../plan.ts';
import { flags, type ProgramPath, type Service } from './service.ts';

const pki = '/etc/kubernetes/pki';
const conf = (name: string): string => `/etc/kubernetes/${name}.conf`;
const clientPort = 2379;
const peerPort = 2380;

export const controlPlanes = (plan: ClusterPlan): readonly NodePlan[] =>
  plan.nodes.filter(({ role }) => role === 'control-plane');

/** The programs of a control plane with the flags that kubeadm 1.34 gives them, and those that conformance needs. */
export function controlPlaneServices(node: NodePlan, plan: ClusterPlan, path: ProgramPath): readonly Service[] {
  // One API server makes the roles and the namespaces; two more at the same time would only be in its way.
  const isFirst = controlPlanes(plan)[0]?.name === node.name;
  return [
    { name: 'etcd', argv: [path('etcd'), ...etcdFlags(node, plan)], after: 'power' },
    {
      name: 'kube-apiserver',
      argv: [path('kube-apiserver'), ...apiServerFlags(node, plan)],
      after: isFirst ? 'power' : 'api',
    },
    {
      name: 'kube-controller-manager',
      argv: [path('kube-controller-manager'), ...controllerManagerFlags(plan)],
      after: 'api',
    },
    { name: 'kube-scheduler', argv: [path('kube-scheduler'), ...schedulerFlags(plan)], after: 'nodes' },
  ];
}

/** etcdctl on a control plane, speaking to the node's own member. */
export function etcdctl(path: ProgramPath): readonly string[] {
  return [
    path('etcdctl'),
    ...flags({
      endpoints: `https://127.0.0.1:${String(clientPort)}`,
      cacert: `${pki}/etcd/ca.crt`,
      cert: `${pki}/etcd/healthcheck-client.crt`,
      key: `${pki}/etcd/healthcheck-client.key`,
    }),
  ];
}

function etcdFlags(node: NodePlan, plan: ClusterPlan): string[] {
  const peerUrl = (of: NodePlan): string => `https://${of.address}:${String(peerPort)}`;
  const clientUrl = `https://${node.address}:${String(clientPort)}`;
  return flags({
    name: node.name,
    'data-dir': '/var/lib/etcd',
    'listen-client-urls': `https://127.0.0.1:${String(clientPort)},${clientUrl}`,
    'advertise-client-urls': clientUrl,
    'listen-peer-urls': peerUrl(node),
    'initial-advertise-peer-urls': peerUrl(node),
    'initial-cluster': controlPlanes(plan)
      .map((each) => `${each.name}=${peerUrl(each)}`)
      .join(','),
    'initial-cluster-state': 'new',
    'initial-cluster-token': plan.name,
    'cert-file': `${pki}/etcd/server.crt`,
    'key-file': `${pki}/etcd/server.key`,
    'client-cert-auth': true,
    'trusted-ca-file': `${pki}/etcd/ca.crt`,
    'peer-cert-file': `${pki}/etcd/peer.crt`,
    'peer-key-file': `${pki}/etcd/peer.key`,
    'peer-client-cert-auth': true,
    'peer-trusted-ca-file': `${pki}/etcd/ca.crt`,
    'listen-metrics-urls': 'http://127.0.0.1:2381',
    'snapshot-count': 10_000,
    'watch-progress-notify-interval': '5s',
    ...plan.etcdArguments,
  });
}

function apiServerFlags(node: NodePlan, plan: ClusterPlan): string[] {
  const members = controlPlanes(plan).map(({ address }) => `https://${address}:${String(clientPort)}`);
  const own = `https://127.0.0.1:${String(clientPort)}`;
  return flags({
    'advertise-address': node.address,
    'allow-privileged': true,
    'authentication-config': '/etc/kubernetes/authentication.yaml',
    'authorization-mode': 'Node,RBAC',
    'client-ca-file': `${pki}/ca.crt`,
    'enable-admission-plugins': 'NodeRestriction',
    // Webhooks and aggregated APIs are called at their endpoints, whatever kube-proxy of this node is doing.
    'enable-aggregator-routing': true,
    'etcd-servers': plan.etcd === 'all' ? members.join(',') : own,
    'etcd-cafile': `${pki}/etcd/ca.crt`,
    'etcd-certfile': `${pki}/apiserver-etcd-client.crt`,
    'etcd-keyfile': `${pki}/apiserver-etcd-client.key`,
    'kubelet-certificate-authority': `${pki}/ca.crt`,
    'kubelet-client-certificate': `${pki}/apiserver-kubelet-client.crt`,
    'kubelet-client-key': `${pki}/apiserver-kubelet-client.key`,
    // Node names have no DNS entry here: without this every logs and exec fails after a look-up of 10 s.
    'kubelet-preferred-address-types': 'InternalIP',
    'proxy-client-cert-file': `${pki}/front-proxy-client.crt`,
    'proxy-client-key-file': `${pki}/front-proxy-client.key`,
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-client-ca-file': `${pki}/front-proxy-ca.crt`,
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-username-headers': 'X-Remote-User',
    'secure-port': apiPort,
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': `${pki}/sa.pub`,
    'service-account-signing-key-file': `${pki}/sa.key`,
    'service-cluster-ip-range': plan.serviceSubnet,
    'tls-cert-file': `${pki}/apiserver.crt`,
    'tls-private-key-file': `${pki}/apiserver.key`,
    ...(Object.keys(plan.runtimeConfig).length === 0 ? {} : { 'runtime-config': pairs(plan.runtimeConfig) }),
    ...featureGates(plan),
  });
}

/** The API server takes requests without a name for its health alone: the load balancer and the boot ask for it. */
export const authenticationConfig = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  anonymous: {
    enabled: true,
    conditions: [{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }],
  },
};

function controllerManagerFlags(plan: ClusterPlan): string[] {
  const kubeconfig = conf('controller-manager');
  return flags({
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    'client-ca-file': `${pki}/ca.crt`,
    'cluster-name': plan.name,
    'cluster-signing-cert-file': `${pki}/ca.crt`,
    'cluster-signing-key-file': `${pki}/ca.key`,
    controllers: '*,bootstrap-signer-controller,token-cleaner-controller',
    kubeconfig,
    'leader-elect': true,
    'requestheader-client-ca-file': `${pki}/front-proxy-ca.crt`,
    'root-ca-file': `${pki}/ca.crt`,
    'service-account-private-key-file': `${pki}/sa.key`,
    'service-cluster-ip-range': plan.serviceSubnet,
    'use-service-account-credentials': true,
    // The pod network of each node is planned beforehand, so that its routes exist before its first pod.
    'allocate-node-cidrs': false,
    ...featureGates(plan),
  });
}

function schedulerFlags(plan: ClusterPlan): string[] {
  const kubeconfig = conf('scheduler');
  return flags({
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'bind-address': '127.0.0.1',
    kubeconfig,
    'leader-elect': true,
    ...featureGates(plan),
  });
}

export function featureGates(plan: ClusterPlan): Record<string, string> {
  return Object.keys(plan.featureGates).length === 0 ? {} : { 'feature-gates': pairs(plan.featureGates) };
}

const pairs = (values: Readonly<Record<string, string | boolean>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(',');
