import { join } from 'node:path';

import type { Progress } from '../../model/cluster.ts';
import { exec } from '../../util/exec.ts';
import { cacheDirectory } from '../cache/directory.ts';
import { unpackDebianPackage } from '../sources/debian-package.ts';
import type { LayerRecipe } from './recipe.ts';

/**
 * Not links to busybox: its ash prefers its own applets to PATH and drops environment names such as `data-1`,
 * so sh is bash; and images that bring a better nc or nslookup must not find busybox's first.
 */
const notApplets = new Set(['busybox', 'sh', 'ash', 'bash', 'nc', 'nslookup']);

/**
 * A layer with a shell and the usual small commands, all static: busybox and bash from Debian packages.
 * @throws HarnessError `toolchain` | `not-here` when the packages cannot be fetched; the signal's reason when aborted
 */
export async function shellLayer(
  progress: Progress,
  signal: AbortSignal,
  cache: string = cacheDirectory(),
): Promise<LayerRecipe> {
  const busybox = join(await unpackDebianPackage('busybox-static', cache, progress, signal), 'bin', 'busybox');
  const bash = join(await unpackDebianPackage('bash-static', cache, progress, signal), 'bin', 'bash-static');
  const { stdout } = await exec([busybox, '--list'], { signal });
  const applets = stdout.split('\n').filter((applet) => applet !== '' && !notApplets.has(applet));
  return {
    files: [
      { from: busybox, to: '/bin/busybox' },
      { from: bash, to: '/bin/bash' },
    ],
    symlinks: [
      { to: '/bin/sh', target: 'bash' },
      ...applets.map((applet) => ({ to: `/bin/${applet}`, target: 'busybox' })),
    ],
  };
}
