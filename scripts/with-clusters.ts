import { randomBytes } from 'node:crypto';

import { localProvider } from '../harness/cluster/local/index.ts';
import { together } from '../harness/cluster/local/together.ts';
import type { Cluster } from '../harness/model/cluster.ts';

export interface Wanted {
  /** The name of a cluster that is up: it is used as it is, and stays; null to boot. */
  readonly given: string | null;
  /** How many are booted, under names of their own that begin with the prefix. */
  readonly count: number;
  readonly prefix: string;
  readonly config: string;
}

/** Works on clusters side by side, and removes those that were booted for it whatever comes of it. */
export async function withClusters<T>(
  { given, count, prefix, config }: Wanted,
  signal: AbortSignal,
  work: (clusters: readonly Cluster[]) => Promise<T>,
): Promise<T> {
  const provider = localProvider();
  if (given !== null) return work([await provider.attach(given)]);
  const names = Array.from({ length: Math.max(1, count) }, () => `${prefix}-${randomBytes(2).toString('hex')}`);
  const booted = (name: string) => (both: AbortSignal) =>
    provider.create(name, { provider: 'local', config, etcd: 'own' }, () => undefined, both);
  try {
    return await work(await together(signal, ...names.map(booted)));
  } finally {
    await Promise.all(names.map((name) => provider.remove(name)));
  }
}
