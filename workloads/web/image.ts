import { join } from 'node:path';

import type { Progress } from '../../harness/model/cluster.ts';
import { baseLayer, buildArchive, programLayer } from '../../harness/toolchain/index.ts';
import { buildOwnProgram, ownProgramKey } from '../../harness/toolchain/own-programs.ts';

const server = { name: 'shakedown-web', folder: join(import.meta.dirname, 'server') } as const;

/** The tag follows the source, so that a cluster that was kept does not run an older server. */
export const webImage = (): string => `registry.local/shakedown-web:${ownProgramKey(server)}`;

/** @returns the path of the image archive, built when missing */
export async function buildWebImage(progress: Progress, signal: AbortSignal): Promise<string> {
  const program = await buildOwnProgram(server, progress, signal);
  const layers = [baseLayer, programLayer(program, '/web')];
  return await buildArchive(
    [{ name: webImage(), entrypoint: ['/web'], user: '65534:65534', layers }],
    progress,
    signal,
  );
}
