import { join } from 'node:path';

import { pins } from '../pins.ts';

/** Holds a folder for each module: go.mod, go.sum and, for our own, the source. */
export const modulesFolder = join(import.meta.dirname, '..', 'modules');

/** A folder of modules/ with a pinned go.mod, and what building from it costs. */
export interface GoModule {
  /** The module whose version is pinned, or null for our own source. */
  readonly pinned: { readonly path: string; readonly version: string } | null;
  /** Measured once on 2 cores with empty Go caches, in seconds. */
  readonly aboutSeconds: number;
  /** What the Go module and build caches and the result need on a machine that never built it, in GiB. */
  readonly coldGib: number;
  /** `-X` stamps. @param time when the pinned version was published, RFC 3339, as the module's origin tells; may be empty */
  readonly stamps: (time: string) => readonly string[];
}

/** Kubernetes reads its version from two packages. The commit is not part of a Go module: it is left empty, not invented. */
function kubernetesStamps(time: string): readonly string[] {
  const [major = '', minor = ''] = pins.kubernetes.split('.');
  const facts = {
    gitVersion: `v${pins.kubernetes}`,
    gitMajor: major,
    gitMinor: minor,
    gitCommit: '',
    gitTreeState: 'archive',
    ...(time === '' ? {} : { buildDate: time }),
  };
  const stamps = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((target) =>
    Object.entries(facts).map(([name, value]) => `${target}.${name}=${value}`),
  );
  // agnhost's own main package; the other programs of the module have no such variable.
  return [...stamps, `main.Version=${pins.agnhost}`];
}

const none = (): readonly string[] => [];

export const goModules = {
  kubernetes: {
    pinned: { path: 'k8s.io/kubernetes', version: `v${pins.kubernetes}` },
    aboutSeconds: 300,
    coldGib: 5,
    stamps: kubernetesStamps,
  },
  etcd: {
    pinned: { path: 'go.etcd.io/etcd/server/v3', version: `v${pins.etcd}` },
    aboutSeconds: 60,
    coldGib: 1.5,
    stamps: none,
  },
  k6: { pinned: { path: 'go.k6.io/k6', version: `v${pins.k6}` }, aboutSeconds: 65, coldGib: 2, stamps: none },
  coredns: {
    pinned: { path: 'github.com/coredns/coredns', version: `v${pins.coredns}` },
    aboutSeconds: 105,
    coldGib: 3,
    stamps: none,
  },
  pause: { pinned: null, aboutSeconds: 5, coldGib: 0.3, stamps: () => [`main.version=${pins.pause}`] },
} as const satisfies Readonly<Record<string, GoModule>>;

export type ModuleName = keyof typeof goModules;
