import { pins } from '../pins.ts';

/** Where the projects publish their binaries, each with checksums beside it. */
export const releaseHosts = {
  kubernetes: `https://dl.k8s.io/release/v${pins.kubernetes}/bin/linux`,
  etcd: `https://github.com/etcd-io/etcd/releases/download/v${pins.etcd}`,
  k6: `https://github.com/grafana/k6/releases/download/v${pins.k6}`,
  coredns: `https://github.com/coredns/coredns/releases/download/v${pins.coredns}`,
} as const;

export type ReleaseHost = keyof typeof releaseHosts;
