import { HarnessError } from '../../model/errors.ts';
import type { KindConfig, KindNode } from '../kind-config.ts';
import { addressAt, overlap, parseCidr, subnetAt, textOf, type Cidr } from './cidr.ts';
import { etcdArguments } from './etcd-arguments.ts';

/** Everything about a cluster that follows from its name and its config file; stored with its state. */
export interface ClusterPlan {
  readonly name: string;
  readonly etcd: 'own' | 'all';
  readonly nodes: readonly NodePlan[];
  /** The network namespace in which the lab's bridge lives. */
  readonly lab: string;
  readonly gateway: string;
  /** The API endpoint that survives the loss of one server. */
  readonly endpointAddress: string;
  readonly podSubnet: string;
  readonly serviceSubnet: string;
  readonly dnsAddress: string;
  /** The first address of the services: kubernetes.default. */
  readonly apiServiceAddress: string;
  /** The host's loopback port of the API endpoint that the config asks for; 0 for any free one. */
  readonly hostPort: number;
  readonly featureGates: Readonly<Record<string, boolean>>;
  readonly runtimeConfig: Readonly<Record<string, string>>;
  /** Flags of every etcd member beside or in place of those that it always has. */
  readonly etcdArguments: Readonly<Record<string, string>>;
}

export interface NodePlan {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly zone: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly address: string;
  readonly podCidr: string;
  readonly netns: string;
  /** The lab's end of the node's cable. */
  readonly link: string;
}

/** The lab's own network, from the range that RFC 2544 reserves for benchmarks. */
export const labNetwork = { base: 0xc612_0000, prefix: 24 } satisfies Cidr; // 198.18.0.0/24
const defaultPods = '198.19.0.0/17';
const defaultServices = '198.19.128.0/17';
const limits = { 'control-plane': 9, worker: 90 } as const;
const firstAddress = { 'control-plane': 11, worker: 101 } as const;
/** Places beside the cluster take the addresses from here to the end of the lab's network. */
export const firstPlace = 200;
export const lastPlace = 254;

export const lab = (cluster: string): string => `shakedown-${cluster}`;
/** Predictable from the node's name; at most 15 bytes, as the kernel demands. */
export const linkOf = (node: string): string => `v-${node}`;

/** @throws HarnessError `bad-input` for a name or a config that this provider cannot honour */
export function planCluster(name: string, config: KindConfig, etcd: 'own' | 'all'): ClusterPlan {
  checkName(name);
  refuseWhatHasNoMeaning(config);
  const pods = subnet(config, 'podSubnet', defaultPods, 24);
  const services = subnet(config, 'serviceSubnet', defaultServices, 28);
  const ranges = [labNetwork, pods, services];
  if (ranges.some((one, at) => ranges.some((other, with_) => at < with_ && overlap(one, other)))) {
    throw new HarnessError(
      'bad-input',
      `${config.file}: networking: expected podSubnet and serviceSubnet apart from each other and from the lab's ${textOf(labNetwork)}, found ${textOf(pods)} and ${textOf(services)}`,
    );
  }
  return {
    name,
    etcd,
    nodes: planNodes(name, config, pods),
    lab: lab(name),
    gateway: addressAt(labNetwork, 1),
    endpointAddress: addressAt(labNetwork, 2),
    podSubnet: textOf(pods),
    serviceSubnet: textOf(services),
    dnsAddress: addressAt(services, 10),
    apiServiceAddress: addressAt(services, 1),
    hostPort: config.networking.apiServerPort ?? 0,
    featureGates: config.featureGates,
    runtimeConfig: config.runtimeConfig,
    etcdArguments: etcdArguments(config),
  };
}

function planNodes(cluster: string, config: KindConfig, pods: Cidr): NodePlan[] {
  const counts = { 'control-plane': 0, worker: 0 };
  if (config.nodes.length > 2 ** (24 - pods.prefix) - 1) {
    throw new HarnessError(
      'bad-input',
      `${config.file}: networking.podSubnet: expected room for a /24 for each of ${String(config.nodes.length)} nodes, found ${textOf(pods)}`,
    );
  }
  return config.nodes.map((node, at) => {
    counts[node.role] += 1;
    const count = counts[node.role];
    if (count > limits[node.role]) {
      throw new HarnessError(
        'bad-input',
        `${config.file}: nodes: expected at most ${String(limits[node.role])} nodes of role ${node.role}, found more`,
      );
    }
    const name = `${node.role === 'worker' ? 'w' : 'cp'}${String(count)}`;
    return {
      name,
      role: node.role,
      zone: node.labels['topology.kubernetes.io/zone'] ?? null,
      labels: node.labels,
      address: addressAt(labNetwork, firstAddress[node.role] + count - 1),
      podCidr: subnetAt(pods, 24, at + 1),
      netns: `${lab(cluster)}.${name}`,
      link: linkOf(name),
    };
  });
}

function checkName(name: string): void {
  if (!/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) {
    throw new HarnessError(
      'bad-input',
      `cluster name: expected 1 to 32 of a-z, 0-9 and '-', beginning with a letter and not ending with '-', found '${name}'`,
    );
  }
}

function subnet(config: KindConfig, field: 'podSubnet' | 'serviceSubnet', standard: string, longest: number): Cidr {
  const text = config.networking[field] ?? standard;
  const cidr = parseCidr(text);
  if (cidr === null || cidr.prefix > longest || cidr.prefix < 8) {
    throw new HarnessError(
      'bad-input',
      `${config.file}: networking.${field}: expected an IPv4 network of /8 to /${String(longest)} such as ${standard}, found '${text}'`,
    );
  }
  return cidr;
}

/** What kind's format can say but namespaces of this machine cannot honour is refused, never silently ignored. */
function refuseWhatHasNoMeaning(config: KindConfig): void {
  const refuse = (field: string, because: string): never => {
    throw new HarnessError('bad-input', `${config.file}: ${field}: the local provider ${because}`, {
      hint: 'take the field away, or use the kind provider',
    });
  };
  const { networking } = config;
  if ((networking.ipFamily ?? 'ipv4') !== 'ipv4') refuse('networking.ipFamily', 'has IPv4 alone');
  if ((networking.apiServerAddress ?? '127.0.0.1') !== '127.0.0.1')
    refuse('networking.apiServerAddress', 'listens on 127.0.0.1 alone');
  if (networking.disableDefaultCNI === true) refuse('networking.disableDefaultCNI', 'always brings its pod network');
  if ((networking.kubeProxyMode ?? 'iptables') !== 'iptables')
    refuse('networking.kubeProxyMode', 'runs kube-proxy in iptables mode alone');
  if (networking.dnsSearch !== undefined) refuse('networking.dnsSearch', 'has no domain to search');
  for (const field of [
    'kubeadmConfigPatchesJSON6902',
    'containerdConfigPatches',
    'containerdConfigPatchesJSON6902',
  ] as const)
    if (config[field] !== undefined) refuse(field, 'does not use kubeadm and cannot apply it');
  config.nodes.forEach((node, at) => {
    for (const [field, because] of nodeRefusals)
      if (node[field] !== undefined) refuse(`nodes[${String(at)}].${field}`, because);
  });
}

const nodeRefusals: readonly (readonly [keyof KindNode, string])[] = [
  ['extraMounts', 'does not mount folders of this machine into its nodes'],
  ['extraPortMappings', "does not open ports on this machine's network; ask a place of the lab"],
  ['kubeadmConfigPatches', 'does not use kubeadm and cannot apply it'],
  ['kubeadmConfigPatchesJSON6902', 'does not use kubeadm and cannot apply it'],
];

/** What was read but does not decide anything here, a sentence each, for the user to see. */
export function remarks(config: KindConfig): readonly string[] {
  const images = config.nodes.filter(({ image }) => image !== undefined).length;
  const masters = config.nodes.filter(({ role }) => role === 'control-plane').length;
  return [
    ...(images > 0
      ? [`${config.file}: image of ${String(images)} nodes is not used: the programs of the toolchain run`]
      : []),
    ...(masters % 2 === 0
      ? [
          `${config.file}: ${String(masters)} control planes tolerate no more losses than ${String(masters - 1)}: etcd needs a majority`,
        ]
      : []),
  ];
}
