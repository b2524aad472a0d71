import { pins } from './pins.ts';
import { goArchitecture } from './platform.ts';
import type { ProgramSpec } from './program.ts';

const arch = goArchitecture();

/** A program of Kubernetes, all in one Go module; those with an official binary are also on the release host. */
const kubernetes = (name: string): ProgramSpec => ({
  wanted: { exactly: pins.kubernetes },
  versionArguments: ['--version'],
  versionPattern: /^Kubernetes v(\S+)$/m,
  release: { host: 'kubernetes', file: `${arch}/${name}`, checksums: `${arch}/${name}.sha256` },
  module: { module: 'kubernetes', package: `k8s.io/kubernetes/cmd/${name}` },
});

const etcdFolder = `etcd-v${pins.etcd}-linux-${arch}`;
const etcd = (
  name: string,
  versionArguments: readonly string[],
  versionPattern: RegExp,
  source: { readonly package: string; readonly built?: string },
): ProgramSpec => ({
  wanted: { exactly: pins.etcd },
  versionArguments,
  versionPattern,
  release: { host: 'etcd', file: `${etcdFolder}.tar.gz`, checksums: 'SHA256SUMS', member: `${etcdFolder}/${name}` },
  module: { module: 'etcd', ...source },
});

const debian = (
  name: string,
  wanted: ProgramSpec['wanted'],
  versionArguments: readonly string[],
  versionPattern: RegExp,
): ProgramSpec => ({ wanted, versionArguments, versionPattern, debian: name });

/** runit's programs tell no version: without arguments they print how they are used, and end. */
const runit = (usage: RegExp): ProgramSpec => debian('runit', 'any', [], usage);
const utilLinux = debian('util-linux', { atLeast: '2.34' }, ['--version'], /util-linux (\d\S*)/);
const iproute = debian('iproute2', { atLeast: '5.10' }, ['-V'], /iproute2-(\d[\d.]*)/);
const iptables = debian('iptables', { atLeast: '1.8.5' }, ['--version'], /v(\d\S*)/);
const containerd = (argument: string, pattern: RegExp): ProgramSpec =>
  debian('containerd', { atLeast: '1.6' }, [argument], pattern);

/** Every program that Shakedown runs: the wanted version, how it is checked, and where it may come from. */
const table = {
  etcd: etcd('etcd', ['--version'], /^etcd Version: (\S+)$/m, {
    package: 'go.etcd.io/etcd/server/v3',
    built: 'server',
  }),
  etcdctl: etcd('etcdctl', ['version'], /^etcdctl version: (\S+)$/m, { package: 'go.etcd.io/etcd/etcdctl/v3' }),
  etcdutl: etcd('etcdutl', ['version'], /^etcdutl version: (\S+)$/m, { package: 'go.etcd.io/etcd/etcdutl/v3' }),
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  kubelet: kubernetes('kubelet'),
  'kube-proxy': kubernetes('kube-proxy'),
  kubectl: {
    ...kubernetes('kubectl'),
    versionArguments: ['version', '--client'],
    versionPattern: /^Client Version: v(\S+)$/m,
  },
  agnhost: {
    wanted: { exactly: pins.agnhost },
    versionArguments: ['--version'],
    versionPattern: /^app version (\S+)$/m,
    module: { module: 'kubernetes', package: 'k8s.io/kubernetes/test/images/agnhost' },
  },
  pause: {
    wanted: { exactly: pins.pause },
    versionArguments: ['--version'],
    versionPattern: /^pause (\S+)$/m,
    module: { module: 'pause', package: '.' },
  },
  k6: {
    wanted: { exactly: pins.k6 },
    versionArguments: ['version'],
    versionPattern: /^k6 v(\S+) /m,
    release: {
      host: 'k6',
      file: `k6-v${pins.k6}-linux-${arch}.tar.gz`,
      checksums: `k6-v${pins.k6}-checksums.txt`,
      member: `k6-v${pins.k6}-linux-${arch}/k6`,
    },
    module: { module: 'k6', package: 'go.k6.io/k6' },
  },
  coredns: {
    wanted: { exactly: pins.coredns },
    versionArguments: ['-version'],
    versionPattern: /^CoreDNS-(\S+)$/m,
    release: {
      host: 'coredns',
      file: `coredns_${pins.coredns}_linux_${arch}.tgz`,
      checksums: `coredns_${pins.coredns}_linux_${arch}.tgz.sha256`,
      member: 'coredns',
    },
    module: { module: 'coredns', package: 'github.com/coredns/coredns' },
  },
  containerd: containerd('--version', /^containerd \S+ v?(\d\S*)/m),
  ctr: containerd('--version', /^ctr \S+ v?(\d\S*)/m),
  'containerd-shim-runc-v2': containerd('-v', /^ *Version: *v?(\d\S*)/m),
  runc: debian('runc', { atLeast: '1.1' }, ['--version'], /^runc version (\d\S*)/m),
  // The plugins of Debian tell no version of their own; the newest protocol they speak is what counts.
  'cni-plugins': {
    wanted: { atLeast: '1.0.0' },
    members: ['bridge', 'ptp', 'host-local', 'portmap', 'loopback'],
    versionArguments: [],
    versionPattern: /^CNI protocol versions supported: .*?(\d+\.\d+\.\d+)$/m,
    debian: 'containernetworking-plugins',
  },
  haproxy: debian('haproxy', { atLeast: '2.4' }, ['-v'], /^HAProxy version (\d\S*)/m),
  runsvdir: runit(/^usage: (?:\S*\/)?runsvdir /m),
  runsv: runit(/^usage: (?:\S*\/)?runsv /m),
  sv: runit(/^usage: (?:\S*\/)?sv /m),
  chpst: runit(/^usage: (?:\S*\/)?chpst /m),
  conntrack: debian('conntrack', { atLeast: '1.4.5' }, ['-V'], /^conntrack v(\d\S*)/m),
  nft: debian('nftables', { atLeast: '1.0' }, ['--version'], /^nftables v(\d\S*)/m),
  iptables,
  'iptables-save': iptables,
  ip: iproute,
  tc: iproute,
  nsenter: utilLinux,
  unshare: utilLinux,
} as const satisfies Readonly<Record<string, ProgramSpec>>;

export type ProgramName = keyof typeof table;

export const allProgramNames: readonly ProgramName[] = Object.keys(table) as ProgramName[];

export function specOf(name: ProgramName): ProgramSpec {
  return table[name];
}
