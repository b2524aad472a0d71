import { randomBytes } from 'node:crypto';

import { localProvider } from '../../harness/cluster/local/index.ts';
import { formatMs } from '../../harness/model/duration.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Bench } from './bench.ts';

const config = 'kind-configs/three-zones.yaml';

/** A cluster of nine nodes up to all Ready, then to where pods run and names resolve, and down again; everything built before. */
export const benchBoot: Bench = async ({ times, signal, say }) => {
  const provider = localProvider();
  const ready: number[] = [];
  const up: number[] = [];
  const down: number[] = [];
  for (let n = 1; n <= (times ?? 3); n += 1) {
    const name = `bench-${randomBytes(2).toString('hex')}`;
    const startMs = performance.now();
    const watch = (line: string): void => {
      if (/^(\d+) of \1 nodes Ready$/.test(line)) ready[n - 1] ??= performance.now() - startMs;
    };
    await provider.create(name, { provider: 'local', config, etcd: 'own' }, watch, signal);
    up.push(performance.now() - startMs);
    down.push(await removalMs(name));
    if (ready.length < n) throw new HarnessError('bug', 'the boot did not say when all nodes were Ready');
    const [readyFor = '', upFor = '', downFor = ''] = [ready, up, down].map((values) => formatMs(values.at(-1) ?? 0));
    say(`boot ${String(n)}: 9 nodes Ready ${readyFor}, up ${upFor}, down ${downFor}`);
  }
  return [
    { name: 'three-zones: 9 nodes Ready', unit: 'ms', target: 10_000, values: ready, note: 'from nothing' },
    { name: 'three-zones: up', unit: 'ms', values: up, note: 'schedulers, service routing and CoreDNS as well' },
    { name: 'three-zones: down', unit: 'ms', target: 3_000, values: down, note: 'nothing is left' },
  ];
};

async function removalMs(name: string): Promise<number> {
  const startMs = performance.now();
  await localProvider().remove(name);
  return performance.now() - startMs;
}
