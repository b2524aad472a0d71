import type { Progress } from '../../harness/model/cluster.ts';
import { baseLayer, buildArchive, linkedLayer } from '../../harness/toolchain/index.ts';

export const prometheusImage = 'registry.local/prometheus:debian';

/**
 * Debian's package, unpacked and not installed: to build Prometheus takes many minutes and hundreds of modules.
 * @returns the path of the image archive, made when missing
 */
export async function buildPrometheusImage(progress: Progress, signal: AbortSignal): Promise<string> {
  const program = { package: 'prometheus', from: 'usr/bin/prometheus', to: '/usr/bin/prometheus' };
  const layers = [baseLayer, await linkedLayer([program], progress, signal)];
  const recipe = { name: prometheusImage, entrypoint: ['/usr/bin/prometheus'], user: '65534:65534', layers };
  return await buildArchive([recipe], progress, signal);
}
