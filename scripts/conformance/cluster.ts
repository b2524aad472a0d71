import { randomBytes } from 'node:crypto';

import { localProvider } from '../../harness/cluster/local/index.ts';
import type { Cluster, Progress } from '../../harness/model/cluster.ts';
import { buildArchive, ensurePrograms, linkedLayer, shellLayer } from '../../harness/toolchain/index.ts';
import { netTools, testImages } from './images.ts';
import type { Options } from './options.ts';
import { buildPrograms, type ConformancePrograms } from './programs.ts';

/** What must be there before a cluster is booted for the tests. */
export interface Prepared {
  readonly programs: ConformancePrograms;
  /** The archive with the stand-ins of the test images. */
  readonly archive: string;
  readonly kubectl: string;
}

/** Builds the tests and their images; the second time all of it comes from the cache. */
export async function prepare(progress: Progress, signal: AbortSignal): Promise<Prepared> {
  const names = ['agnhost', 'etcd', 'etcdctl', 'pause', 'kubectl'] as const;
  const paths = await ensurePrograms(names, progress, signal);
  const path = (name: (typeof names)[number]): string => paths.get(name) ?? name;
  const programs = await buildPrograms(progress, signal);
  const shell = await shellLayer(progress, signal);
  const tools = await linkedLayer(netTools, progress, signal);
  const toolchain = { agnhost: path('agnhost'), etcd: path('etcd'), etcdctl: path('etcdctl'), pause: path('pause') };
  const archive = await buildArchive(testImages({ programs, toolchain, shell, tools }), progress, signal);
  return { programs, archive, kubectl: path('kubectl') };
}

/** Boots a cluster of its own, gives it to the work and removes it, unless it is to be kept. */
export async function withCluster<T>(
  { config, keep }: Options,
  archive: string,
  progress: Progress,
  signal: AbortSignal,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const provider = localProvider();
  const name = `conformance-${randomBytes(2).toString('hex')}`;
  const cluster = await provider.create(name, { provider: 'local', config, etcd: 'own' }, progress, signal);
  try {
    progress(`cluster ${name} is up; loading the test images on its nodes`);
    await cluster.loadImages([archive], signal);
    return await work(cluster);
  } finally {
    if (keep) progress(`Kept: shakedown kubectl ${name} -- get pods -A; remove it with: shakedown down ${name}`);
    else await provider.remove(name);
  }
}
