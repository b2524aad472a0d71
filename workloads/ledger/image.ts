import type { Progress } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { buildArchive, ensurePrograms, etcdImage } from '../../harness/toolchain/index.ts';

/** @returns the path of the archive with the image of the data service */
export async function buildDataImage(progress: Progress, signal: AbortSignal): Promise<string> {
  const programs = await ensurePrograms(['etcd', 'etcdctl'], progress, signal);
  const path = (name: 'etcd' | 'etcdctl'): string => {
    const found = programs.get(name);
    if (found === undefined) throw new HarnessError('toolchain', `The toolchain gave no ${name}`);
    return found;
  };
  return await buildArchive([etcdImage({ etcd: path('etcd'), etcdctl: path('etcdctl') })], progress, signal);
}
