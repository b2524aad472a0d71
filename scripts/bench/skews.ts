import type { Json } from '../../harness/model/json.ts';
import { catalogue } from '../../harness/cli/catalogue.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { named } from '../../harness/run/index.ts';
import { onBenchCluster } from './bench-cluster.ts';
import type { Bench, BenchContext } from './bench.ts';
import type { Figure } from './figure.ts';
import { lightRun } from './light-run.ts';
import { SkewProbe } from './skew-probe.ts';

/** The faults that hit several nodes at once, with the choice that does. */
const several: readonly (readonly [string, { readonly [key: string]: Json }])[] = [
  ['az-partition', {}],
  ['az-loss', {}],
  ['node-partition', {}],
  ['dns-outage', { mode: 'all' }],
  ['apiserver-loss', { which: 'all', how: 'pause' }],
  ['etcd-quorum-loss', { really: true }],
  ['drain', { count: 2 }],
];

/** How far apart the targets of one fault are hit. */
export const benchSkews: Bench = (context) =>
  onBenchCluster(context, async (cluster) => {
    const figures: Figure[] = [];
    for (const [name, params] of several.filter(([name]) => context.faults?.includes(name) ?? true)) {
      if (context.signal.aborted) break;
      figures.push(...(await skewsOf(name, params, cluster, context)));
    }
    return figures;
  });

async function skewsOf(
  name: string,
  params: { readonly [key: string]: Json },
  cluster: string,
  { times, signal, say }: BenchContext,
): Promise<readonly Figure[]> {
  const victims: number[] = [];
  const injector: number[] = [];
  let targets = '';
  let because = '';
  for (let n = 1; n <= (times ?? 3) && !signal.aborted; n += 1) {
    const probe = new SkewProbe(named('fault', name, catalogue.faults));
    try {
      const { report } = await lightRun({ fault: probe.fault, params, cluster, seed: n, signal });
      targets = `${String(report.faults[0]?.targets.length ?? 0)} targets`;
      if (report.faults[0]?.active.proved !== true) because = report.because.split(';')[0] ?? '';
    } catch (error) {
      because = messageOf(error);
    } finally {
      await probe.stop();
    }
    const { victimsMs, injectorMs } = probe.skew;
    if (victimsMs !== null) victims.push(victimsMs);
    if (injectorMs !== null) injector.push(injectorMs);
  }
  say(`${name}: seen by its victims ${String(victims.length)} times${because === '' ? '' : `; ${because}`}`);
  const note = [targets, because.slice(0, 80)].filter((part) => part !== '').join('; ');
  return [
    { name: `${name}: skew, as its victims showed it`, unit: 'ms', values: victims, note },
    { name: `${name}: skew, by the commands of the injector`, unit: 'ms', values: injector },
  ];
}
