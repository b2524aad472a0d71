import { cgroupOf } from '../cgroups.ts';
import type { ClusterPlan, NodePlan } from '../plan.ts';
import { featureGates } from './control-plane.ts';
import { flags, type ProgramPath, type Service } from './service.ts';

export const containerdSocket = '/run/containerd/containerd.sock';
export const containerdConfigPath = '/etc/containerd/config.toml';

/** What runs on every node that has pods. */
export function workerServices(node: NodePlan, plan: ClusterPlan, path: ProgramPath): readonly Service[] {
  return [
    { name: 'containerd', argv: [path('containerd'), `--config=${containerdConfigPath}`], after: 'power' },
    { name: 'kubelet', argv: [path('kubelet'), ...kubeletFlags(node, plan)], after: 'serving' },
    { name: 'kube-proxy', argv: [path('kube-proxy'), '--config=/etc/kubernetes/kube-proxy.yaml'], after: 'nodes' },
  ];
}

function kubeletFlags(node: NodePlan, plan: ClusterPlan): string[] {
  // A kubelet may give itself these labels; NodeRestriction leaves the others to the administrator.
  const labels = Object.entries(node.labels)
    .filter(([name]) => mayLabelItself(name))
    .map(([name, value]) => `${name}=${value}`);
  return flags({
    config: '/etc/kubernetes/kubelet.yaml',
    kubeconfig: '/etc/kubernetes/kubelet.conf',
    'hostname-override': node.name,
    'node-ip': node.address,
    'root-dir': '/var/lib/kubelet',
    ...(labels.length === 0 ? {} : { 'node-labels': labels.join(',') }),
    ...featureGates(plan),
  });
}

/** The rule of NodeRestriction: any label outside kubernetes.io and k8s.io, and a few inside. */
export function mayLabelItself(label: string): boolean {
  const [prefix = '', name] = label.split('/');
  if (name === undefined || !/(^|\.)(kubernetes|k8s)\.io$/.test(prefix)) return true;
  return (
    /(^|\.)(node|kubelet)\.kubernetes\.io$/.test(prefix) ||
    ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region', 'kubernetes.io/hostname'].includes(label)
  );
}

export function kubeletConfig(cluster: string, node: NodePlan, plan: ClusterPlan): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: '/etc/kubernetes/pki/kubelet.crt',
    tlsPrivateKeyFile: '/etc/kubernetes/pki/kubelet.key',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cgroupOf(cluster, node.name),
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDNS: [plan.dnsAddress],
    clusterDomain: 'cluster.local',
    resolvConf: '/etc/resolv.conf',
    volumePluginDir: '/var/lib/kubelet/volumeplugins',
    failSwapOn: false,
    failCgroupV1: false,
    // The disk and the memory are the whole machine's: their pressure says nothing of this node.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'nodefs.available': '0%', 'imagefs.available': '0%', 'nodefs.inodesFree': '0%' },
    enforceNodeAllocatable: [],
    ...(node.role === 'control-plane'
      ? { registerWithTaints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }
      : {}),
  };
}

export function kubeProxyConfig(node: NodePlan, plan: ClusterPlan): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: '/etc/kubernetes/kube-proxy.conf' },
    mode: 'iptables',
    clusterCIDR: plan.podSubnet,
    hostnameOverride: node.name,
    // The limits of connection tracking belong to the machine and are read-only in a node's network namespace.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}

/** Point-to-point cables to the pods, addresses from the node's own network, host ports by portmap. */
export function cniConfig(node: NodePlan): object {
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        type: 'ptp',
        ipMasq: false,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: node.podCidr }]],
          routes: [{ dst: '0.0.0.0/0' }],
          dataDir: '/var/lib/cni/networks',
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}

export function containerdConfig(pauseImage: string, cniFolder: string, runc: string): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const unused = ['aufs', 'btrfs', 'devmapper', 'native', 'zfs'].map(
    (name) => `"io.containerd.snapshotter.v1.${name}"`,
  );
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = [${[...unused, '"io.containerd.tracing.processor.v1.otlp"', '"io.containerd.internal.v1.tracing"'].join(', ')}]

[grpc]
address = "${containerdSocket}"

[${cri}]
sandbox_image = "${pauseImage}"
# The machine may forbid lowering oom_score_adj.
restrict_oom_score_adj = true

[${cri}.cni]
bin_dir = "${cniFolder}"
conf_dir = "/etc/cni/net.d"

[${cri}.containerd]
snapshotter = "overlayfs"

[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[${cri}.containerd.runtimes.runc.options]
SystemdCgroup = false
BinaryName = "${runc}"
`;
}
