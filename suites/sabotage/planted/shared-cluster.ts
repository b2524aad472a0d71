import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';

import { catalogue } from '../../../harness/cli/catalogue.ts';
import type { ClusterSpec } from '../../../harness/model/cluster.ts';
import { root } from '../../../harness/util/paths.ts';
import type { Planted } from './planted.ts';

/**
 * Makes one mocha suite of several that run, one after the other, on one cluster.
 * @param suites is given the cluster's name, and describes them
 * @returns what they demand, outside mocha too
 */
export function describeOnOneCluster(
  title: string,
  spec: ClusterSpec,
  suites: (cluster: string) => readonly Planted[],
): readonly Planted[] {
  const name = `sab-${randomBytes(2).toString('hex')}`;
  if (typeof globalThis.describe !== 'function') return suites(name);
  let planted: readonly Planted[] = [];
  describe(title, function () {
    this.timeout(300_000);
    const [provider] = catalogue.providers;
    before('boots one cluster for all', async function () {
      if (process.getuid?.() !== 0) this.skip();
      const absolute = { ...spec, config: resolve(root, spec.config) };
      await provider?.create(name, absolute, () => undefined, AbortSignal.timeout(120_000));
    });
    after('removes it', () => provider?.remove(name));
    planted = suites(name);
  });
  return planted;
}
