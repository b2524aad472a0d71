import type { Progress } from '../../model/cluster.ts';
import {
  agnhostImage,
  buildArchive,
  cacheDirectory,
  corednsImage,
  etcdImage,
  pauseImage,
} from '../../toolchain/index.ts';
import { imagesIn, type ImageList } from './images.ts';
import { seedStore } from './seed.ts';
import type { ProgramPath } from './services/service.ts';

/** The image store with which every node starts. */
export interface SystemStore {
  readonly seed: string;
  readonly images: ImageList;
}

/** The images that the cluster itself needs, and those of which most workloads are made: they cost nothing here. */
export async function systemStore(program: ProgramPath, progress: Progress, signal: AbortSignal): Promise<SystemStore> {
  const recipes = [
    pauseImage(program('pause')),
    corednsImage(program('coredns')),
    agnhostImage(program('agnhost')),
    etcdImage({ etcd: program('etcd'), etcdctl: program('etcdctl') }),
  ];
  const archive = await buildArchive(recipes, progress, signal);
  return {
    seed: await seedStore([archive], cacheDirectory(), program, progress, signal),
    images: await imagesIn(archive),
  };
}
